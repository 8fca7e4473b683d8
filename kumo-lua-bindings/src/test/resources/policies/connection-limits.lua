-- Who may connect, how the client calls itself, and how much it may send.
local ADDRESSES = kumo.cidr.make_map {
  ['192.0.2.0/24'] = 'neighbour',
  ['192.0.2.66'] = 'enemy',
  ['2001:db8::/32'] = 'neighbour',
}

kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    hostname = 'mx.example.com',
    max_recipients_per_message = 2,
    domains = { ['example.com'] = { relay_to = true } },
  }
end)

kumo.on('smtp_server_connection_accepted', function(conn)
  local kind = ADDRESSES[conn:get_meta 'received_from'] or 'stranger'
  if kind == 'enemy' then
    kumo.reject(554, '5.7.1 not you')
  end
  conn:set_meta('x_kind', kind)
end)

kumo.on('smtp_server_ehlo', function(domain, conn)
  if domain == 'localhost' or domain:find '^%[127%.' then
    kumo.reject(550, '5.7.1 you are not this machine')
  end
end)

kumo.on('smtp_server_rcpt_to', function(recipient, conn)
  if conn:get_meta 'x_kind' == 'stranger' and recipient.user ~= 'postmaster' then
    kumo.reject(450, '4.7.1 strangers write to postmaster first')
  end
end)
