-- Several handlers of one event run in order; what they share goes through meta data.
local order = {}

kumo.on('init', function()
  order[#order + 1] = 'first'
end)

kumo.on('init', function()
  assert(#order == 1)
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    hostname = 'mx.example.com',
    domains = { ['example.com'] = { relay_to = true } },
  }
end)

kumo.on('smtp_server_mail_from', function(sender, conn)
  conn:set_meta('x_senders', { sender.email })
end)

kumo.on('smtp_server_mail_from', function(sender, conn)
  local senders = conn:get_meta 'x_senders'
  senders[#senders + 1] = 'again'
  conn:set_meta('x_senders', senders)
  if sender.user == '' then
    kumo.reject(451, 'no bounces now')
  end
end)

kumo.on('smtp_server_mail_from', function(sender, conn)
  assert(#conn:get_meta 'x_senders' == 2, 'the second one did not run')
end)
