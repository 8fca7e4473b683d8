-- Domains come from a table, and the script says what may be done for each.
local DOMAINS = {
  ['example.com'] = kumo.make_listener_domain { relay_to = true },
  ['reports.example.com'] = kumo.make_listener_domain { log_oob = true, log_arf = true },
}

kumo.on('init', function()
  kumo.start_esmtp_listener { listen = '127.0.0.1:0', hostname = 'mx.example.com', relay_hosts = {} }
end)

kumo.on('get_listener_domain', function(domain, listener, conn)
  assert(listener:find ':%d+$' and conn:get_meta 'received_via')
  return DOMAINS[domain]
end)
