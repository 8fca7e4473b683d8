-- All of a small sender's policy: two listeners, domains out of a table, tenants, addresses to send from, and how fast.
local kumo = require 'kumo'

local TENANTS = {
  ['news.example.com'] = { name = 'news', pool = 'bulk' },
  ['shop.example.com'] = { name = 'shop', pool = 'transactional' },
}
local POOLS = {
  bulk = { { name = 'ip-1', weight = 2 }, { name = 'ip-2', weight = 1 } },
  transactional = { { name = 'ip-3' } },
}
local SOURCES = {
  ['ip-1'] = { source_address = '192.0.2.1', ehlo_domain = 'out1.example.com' },
  ['ip-2'] = { source_address = '192.0.2.2', ehlo_domain = 'out2.example.com' },
  ['ip-3'] = { source_address = '192.0.2.3', ehlo_domain = 'out3.example.com' },
}

kumo.on('init', function()
  local shared = {
    hostname = 'mx.example.com',
    relay_hosts = { '10.0.0.0/8' },
    trace_headers = { include_meta_names = { 'tenant' } },
  }
  for port, banner in pairs { ['127.0.0.1:0'] = 'Welcome', ['[::1]:0'] = 'Hello' } do
    local params = { listen = port, banner = banner }
    for key, value in pairs(shared) do
      params[key] = value
    end
    kumo.start_esmtp_listener(params)
  end
end)

local domain_options = kumo.memoize(function(domain)
  if domain == 'bounce.example.com' then
    return { log_oob = true }
  elseif TENANTS[domain] then
    return { relay_from = { '10.0.0.0/8' } }
  end
end, { name = 'domains', ttl = '5 minutes', capacity = 100 })

kumo.on('get_listener_domain', function(domain)
  local options = domain_options(domain)
  return options and kumo.make_listener_domain(options)
end)

kumo.on('smtp_server_message_received', function(msg)
  local tenant = TENANTS[msg:sender().domain]
  if tenant then
    msg:set_meta('tenant', tenant.name)
    msg:set_meta('campaign', msg:get_first_named_header_value 'X-Campaign')
    msg:remove_x_headers()
  elseif not msg:recipient().domain:find '%.example%.com$' then
    kumo.reject(550, '5.7.1 who are you?')
  end
end)

kumo.on('get_queue_config', function(domain, tenant, campaign, routing_domain)
  for _, known in pairs(TENANTS) do
    if known.name == tenant then
      return kumo.make_queue_config { egress_pool = known.pool, max_age = campaign and '12 hours' or '3 days' }
    end
  end
end)

kumo.on('get_egress_pool', function(name)
  return kumo.make_egress_pool { name = name, entries = POOLS[name] }
end)

kumo.on('get_egress_source', function(name)
  local params = { name = name }
  for key, value in pairs(SOURCES[name]) do
    params[key] = value
  end
  return kumo.make_egress_source(params)
end)
