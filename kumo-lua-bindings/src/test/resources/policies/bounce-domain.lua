-- Bounces come to a domain of their own, and are read by the script as well.
kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    hostname = 'mx.example.com',
    relay_hosts = {},
    domains = { ['bounce.example.com'] = { relay_to = true } },
  }
end)

kumo.on('smtp_server_message_received', function(msg)
  local report = msg:parse_rfc3464()
  if not report then
    kumo.reject(550, '5.7.1 this address takes bounces only')
  end
  local first = report.per_recipient[1]
  msg:set_meta('x_action', first.action)
  assert(msg:parse_rfc5965() == nil)
end)
