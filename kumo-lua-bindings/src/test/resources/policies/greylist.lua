-- Uses what the module has for texts, times and patterns.
local TRIPLE = kumo.regex.compile [[^(?P<net>\d+\.\d+\.\d+)\.\d+:\d+$]]

local lookup = kumo.memoize(function(net)
  return kumo.json_parse('{"known":["192.0.2"]}').known[1] == net
end, { name = 'known', ttl = '5 minutes', capacity = 10 })

kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    hostname = 'mx.example.com',
    domains = { ['example.com'] = { relay_to = true } },
  }
end)

kumo.on('smtp_server_rcpt_to', function(recipient, conn)
  local from = TRIPLE:captures(conn:get_meta 'received_from')
  assert(from[0] == conn:get_meta 'received_from' and from[1] == from.net)
  if not lookup(from.net) then
    kumo.reject(451, '4.7.1 come back later')
  end
  local parts = kumo.string.split(recipient.user, '+')
  conn:set_meta('x_tag', parts[2] or 'none')
  conn:set_meta('x_hash', kumo.encode.base64url_nopad_encode(kumo.digest.sha1(recipient.email).bytes))
  assert(kumo.time.now().year >= 2024)
end)
