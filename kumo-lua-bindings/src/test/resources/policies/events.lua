-- Timed by EventBenchmark: two events, and what policies do most in them.
local TENANTS = { acme = true }

kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    hostname = 'mx.example.com',
    relay_hosts = { '192.0.2.0/24' },
  }
end)

kumo.on('smtp_server_rcpt_to', function(recipient, conn)
  if recipient.user == 'nobody' then
    kumo.reject(550, '5.1.1 no such user')
  end
  conn:set_meta('x_domain', recipient.domain)
end)

kumo.on('smtp_server_message_received', function(msg)
  local tenant = msg:get_first_named_header_value 'X-Tenant'
  if not TENANTS[tenant] then
    kumo.reject(550, '5.7.1 no such tenant')
  end
  msg:set_meta('tenant', tenant)
  msg:set_meta('campaign', msg:get_meta 'x_domain')
end)
