-- Mail of a partner goes to its relays, that of the house into a folder, and all else to the hosts of the DNS.
local kumo = require 'kumo'

kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    hostname = 'out.example.com',
    relay_hosts = { '10.0.0.0/8' },
  }
end)

local relays = {
  ['partner.example'] = { '[127.0.0.1]:PORT', { name = 'relay.partner.example', addr = '192.0.2.1' } },
}

kumo.on('get_queue_config', function(domain, tenant, campaign, routing_domain)
  local hosts = relays[routing_domain or domain]
  if hosts then
    return kumo.make_queue_config { retry_interval = '5m', protocol = { smtp = { mx_list = hosts } } }
  end
  if domain == 'house.example' then
    return kumo.make_queue_config {
      protocol = { maildir_path = 'mail/' .. (tenant or 'all'), file_mode = tonumber('640', 8) },
    }
  end
end)

kumo.on('get_egress_path_config', function(domain, source, site)
  if site:find('mx_list:', 1, true) then
    return kumo.make_egress_path { enable_tls = 'Disabled', connection_limit = 2 }
  end
end)
