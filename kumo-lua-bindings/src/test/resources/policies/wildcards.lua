-- Values by domain, with wildcards: the tenant of each.
local OWNERS = kumo.domain_map.new {
  ['shop.example'] = 'shop',
  ['*.shop.example'] = 'shop-customer',
  ['vip.shop.example'] = 'vip',
}

kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    hostname = 'mx.example.com',
    relay_hosts = {},
    domains = {
      ['shop.example'] = { relay_to = true },
      ['*.shop.example'] = { relay_to = true },
      ['closed.shop.example'] = { relay_to = false },
    },
  }
end)

kumo.on('smtp_server_message_received', function(msg)
  msg:set_meta('tenant', OWNERS[msg:recipient().domain])
end)
