-- Mail that its hosts do not take goes to a smart host after the third attempt, and is not kept for those who never had an account.
local kumo = require 'kumo'

local SMART_HOST = 'smarthost.example.net'

kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    hostname = 'out.example.com',
    relay_hosts = { '10.0.0.0/8' },
  }
end)

kumo.on('smtp_server_message_received', function(msg)
  msg:set_meta('tenant', msg:sender().domain:match '^[^.]+')
end)

kumo.on('requeue_message', function(msg, response, insert_context, increment_attempts, delay, reply)
  assert(increment_attempts and delay == nil and insert_context[1] == 'LoggedTransientFailure')
  if response:find('no such account', 1, true) then
    kumo.reject(550, '5.1.1 ' .. reply.content)
  end
  if msg:get_meta('routing_domain') ~= SMART_HOST and msg:num_attempts() >= 2 then
    msg:set_meta('routing_domain', SMART_HOST)
    msg:set_meta('x_reason', reply.enhanced_code and reply.enhanced_code.subject or reply.code)
  end
end)

kumo.on('rebind_message', function(msg, data)
  if msg:get_meta('tenant') == data.tenant then
    msg:set_meta('routing_domain', data.to)
  end
end)
