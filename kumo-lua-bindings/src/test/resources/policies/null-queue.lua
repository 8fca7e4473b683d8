-- Takes mail for the abuse of the house and forgets it; a queue of its own for the rest.
kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    hostname = 'mx.example.com',
    domains = { ['example.com'] = { relay_to = true } },
  }
end)

kumo.on('smtp_server_message_received', function(msg)
  if msg:recipient().user == 'devnull' then
    msg:set_meta('queue', 'null')
  else
    msg:set_meta('queue', 'bulk:shop@example.com!relay.example')
  end
end)
