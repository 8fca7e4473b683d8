-- Queues and paths by provider.
local PROVIDERS = {
  ['gmail.com'] = { max_message_rate = '50/s', connection_limit = 10, retry_interval = '5 minutes' },
  ['yahoo.com'] = { max_message_rate = '10/s', connection_limit = 3, retry_interval = '30 minutes' },
}
local DEFAULT = { retry_interval = '20 minutes', connection_limit = 5 }

local function provider(domain)
  return PROVIDERS[domain] or DEFAULT
end

kumo.on('init', function()
  kumo.start_esmtp_listener { listen = '127.0.0.1:0', hostname = 'mx.example.com' }
end)

kumo.on('get_queue_config', function(domain, tenant, campaign, routing_domain)
  local p = provider(routing_domain or domain)
  return kumo.make_queue_config {
    retry_interval = p.retry_interval,
    max_retry_interval = '4 hours',
    max_age = tenant == 'urgent' and '2 hours' or '5 days',
    egress_pool = tenant and 'pool-' .. tenant or 'shared',
    max_message_rate = campaign and '100/min' or nil,
  }
end)

kumo.on('get_egress_pool', function(name)
  return kumo.make_egress_pool {
    name = name,
    entries = { { name = 'ip-1', weight = 3 }, { name = 'ip-2' } },
  }
end)

kumo.on('get_egress_source', function(name)
  if name == 'ip-1' or name == 'ip-2' then
    return kumo.make_egress_source {
      name = name,
      source_address = name == 'ip-1' and '192.0.2.1' or '192.0.2.2',
      ehlo_domain = name .. '.example.com',
    }
  end
end)

kumo.on('get_egress_path_config', function(domain, source, site)
  local p = provider(domain)
  return kumo.make_egress_path {
    connection_limit = p.connection_limit,
    max_message_rate = p.max_message_rate,
    enable_tls = 'Opportunistic',
    smtp_port = 2525,
  }
end)
