-- How much goes where: by tenant in its queue, by provider on its path, and by connection on the way in.
local TENANT_RATES = { ['free'] = '10/h', ['paid'] = '1000/min' }
local SITES = {
  { pattern = '%.google%.com$', connections = 20, per_connection = 50, rate = '100/s' },
  { pattern = '%.outlook%.com$', connections = 5, per_connection = 20, rate = '10/s' },
}

kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    hostname = 'mx.example.com',
    relay_hosts = { '0.0.0.0/0' },
    max_messages_per_connection = 2,
    max_recipients_per_message = 1,
  }
end)

kumo.on('get_queue_config', function(domain, tenant)
  return kumo.make_queue_config {
    max_message_rate = TENANT_RATES[tenant],
    retry_interval = tenant == 'free' and '1 hour' or '10 minutes',
    max_retry_interval = '8 hours',
  }
end)

kumo.on('get_egress_path_config', function(domain, source, site)
  for _, limits in ipairs(SITES) do
    if site:find(limits.pattern) then
      return kumo.make_egress_path {
        connection_limit = limits.connections,
        max_deliveries_per_connection = limits.per_connection,
        max_message_rate = limits.rate,
      }
    end
  end
  return kumo.make_egress_path { connection_limit = 2 }
end)
