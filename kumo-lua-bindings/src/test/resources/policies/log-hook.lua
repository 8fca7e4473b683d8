-- What becomes of mail is told to a web server, of deliveries and bounces alone.
local log_hooks = require 'policy-extras.log_hooks'

kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    hostname = 'mx.example.com',
    relay_hosts = { '127.0.0.1' },
  }
  kumo.configure_log_hook { name = 'customer', url = 'http://127.0.0.1:PORT/log', headers = { 'Subject' }, meta = { 'tenant' } }
end)

kumo.on('smtp_server_message_received', function(msg)
  msg:set_meta('tenant', msg:sender().domain:match '^[^.]+')
end)

kumo.on('should_enqueue_log_record', function(msg, hook)
  local kind = msg:get_meta('log_record').type
  return hook == 'customer' and (kind == 'Delivery' or kind == 'Bounce')
end)
