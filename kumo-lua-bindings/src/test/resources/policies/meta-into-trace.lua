-- Meta data of the session goes into the trace header, under another name of the header.
kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    hostname = 'mx.example.com',
    relay_hosts = { '0.0.0.0/0' },
    trace_headers = {
      received_header = false,
      header_name = 'X-Trace',
      include_meta_names = { 'x_list', 'x_customer' },
    },
  }
end)

kumo.on('smtp_server_ehlo', function(domain, conn)
  conn:set_meta('x_customer', domain:match '^([^.]+)%.')
end)

kumo.on('smtp_server_data', function(msg)
  msg:set_meta('x_list', msg:get_first_named_header_value 'List-Id')
end)
