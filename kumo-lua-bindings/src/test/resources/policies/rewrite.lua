-- Rewrites a message: its envelope, its headers, its text.
kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    hostname = 'mx.example.com',
    relay_hosts = { '0.0.0.0/0' },
    trace_headers = { supplemental_header = false },
  }
end)

kumo.on('smtp_server_message_received', function(msg)
  local data = msg:get_data()
  local head, body = data:match '^(.-\r\n)\r\n(.*)$'
  assert(head:find('Received: ', 1, true) == 1)
  msg:set_data(head .. '\r\n' .. body:gsub('teh', 'the'))
  msg:remove_all_named_headers 'Bcc'
  msg:prepend_header('X-Greeting', 'Grüße aus Köln', true)
  msg:append_header('X-Text-Length', tostring(#body))
end)
