-- The table of domains that the document shows, in words of our own.
kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    hostname = 'mx.example.com',
    relay_hosts = {},
    domains = {
      ['example.com'] = { relay_to = true },
      ['bounce.example.com'] = { log_oob = true },
      ['fbl.example.com'] = { log_arf = true },
      ['send.example.com'] = { relay_from = { '10.0.0.0/24' } },
      ['*.example.com'] = { log_oob = true, log_arf = true, relay_to = true },
      ['www.example.com'] = { relay_to = false, log_arf = false, log_oob = false },
    },
  }
end)
