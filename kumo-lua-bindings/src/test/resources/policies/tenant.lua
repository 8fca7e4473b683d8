-- Tenant and campaign come from headers, which nobody outside is to see.
local TENANTS = { acme = true, ['big-shop'] = true }

kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    hostname = 'mx.example.com',
    relay_hosts = { '0.0.0.0/0' },
    trace_headers = { include_meta_names = { 'tenant', 'campaign' } },
  }
end)

kumo.on('smtp_server_message_received', function(msg)
  local tenant = msg:get_first_named_header_value 'X-Tenant'
  if not tenant then
    kumo.reject(550, '5.7.1 X-Tenant is missing')
  elseif not TENANTS[tenant] then
    kumo.reject(550, '5.7.1 no such tenant')
  end
  msg:set_meta('tenant', tenant)
  msg:set_meta('campaign', msg:get_first_named_header_value 'X-Campaign')
  msg:remove_x_headers { 'x-tenant', 'x-campaign' }
end)
