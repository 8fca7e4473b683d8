-- Says no to mail by its headers, its size and its text.
kumo.on('init', function()
  kumo.start_esmtp_listener { listen = '127.0.0.1:0', hostname = 'mx.example.com', relay_hosts = { '0.0.0.0/0' } }
end)

kumo.on('smtp_server_data', function(msg, conn)
  for _, header in ipairs(msg:get_all_headers()) do
    local name, value = header[1], header[2]
    if name:lower() == 'subject' and value:lower():find('viagra', 1, true) then
      kumo.reject(554, '5.7.1 not wanted here')
    end
  end
  local received = msg:get_all_named_header_values 'Received'
  if #received > 2 then
    kumo.reject(554, '5.4.6 too many hops')
  end
  if #msg:get_data() > 2000 then
    kumo.disconnect(552, '5.3.4 too long for us')
  end
end)
