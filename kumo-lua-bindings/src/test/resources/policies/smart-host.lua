-- A smart host: machines of the house may send anywhere, nobody else may send anything.
local kumo = require 'kumo'

kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    hostname = 'smart.example.com',
    relay_hosts = { '10.0.0.0/8', '192.168.0.0/16', '127.0.0.1' },
  }
end)

kumo.on('smtp_server_message_received', function(msg)
  msg:set_meta('routing_domain', 'smarthost.example.net')
end)
