-- Where the log goes; and a script of its own for the rules.
kumo.on('pre_init', function()
  print('starting', 1, true)
end)

kumo.on('init', function()
  kumo.configure_local_logs { log_dir = 'logs', headers = { 'Subject' }, max_segment_duration = '1 minute' }
  kumo.start_esmtp_listener { listen = '127.0.0.1:0', hostname = 'mx.example.com' }
end)

local rules = require 'rules.recipients'
kumo.on('smtp_server_rcpt_to', rules.check)
