-- Clients show who they are, and may then send from their own domain.
local PASSWORDS = {
  ['scott'] = kumo.digest.sha256('tiger').hex,
}
local OWN = { scott = 'tiger.example' }

kumo.on('init', function()
  kumo.start_esmtp_listener { listen = '127.0.0.1:0', hostname = 'mx.example.com', relay_hosts = {} }
end)

kumo.on('smtp_server_auth_plain', function(authz, authc, password, conn)
  return authz == authc and PASSWORDS[authc] == kumo.digest.sha256(password).hex
end)

kumo.on('get_listener_domain', function(domain, listener, conn)
  local who = conn:get_meta 'authz_id'
  if who and domain ~= OWN[who] then
    return kumo.make_listener_domain { relay_to = true }
  end
end)

kumo.on('smtp_server_mail_from', function(sender, conn)
  local who = conn:get_meta 'authz_id'
  if who and sender.domain ~= OWN[who] then
    kumo.reject(550, '5.7.1 ' .. who .. ' does not send for ' .. sender.domain)
  end
end)
