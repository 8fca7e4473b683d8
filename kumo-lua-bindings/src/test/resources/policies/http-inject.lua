-- Mail comes over HTTP alone, from customers with a password; the tenant is who has shown it.
local PASSWORDS = { acme = kumo.digest.sha256('roadrunner').hex, shop = kumo.digest.sha256('counter').hex }

kumo.on('init', function()
  kumo.start_http_listener {
    listen = '127.0.0.1:0',
    hostname = 'mx.example.com',
    trusted_hosts = {},
    request_body_limit = 20000,
  }
end)

kumo.on('http_server_validate_auth_basic', function(user, password)
  return PASSWORDS[user] == kumo.digest.sha256(password).hex
end)

kumo.on('http_message_generated', function(msg)
  msg:set_meta('tenant', msg:get_meta 'http_auth')
  if msg:recipient().domain == 'competitor.example' then
    kumo.reject(550, '5.7.1 not there')
  end
  msg:remove_all_named_headers 'X-Internal'
end)
