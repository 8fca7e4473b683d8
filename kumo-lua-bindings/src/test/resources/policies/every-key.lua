-- Every documented key of both listeners.
local kumo = require 'kumo'

kumo.on('init', function()
  kumo.start_esmtp_listener {
    banner = 'Welcome!',
    client_timeout = '1 minute',
    deferred_spool = false,
    domains = { ['example.com'] = { relay_to = true, log_oob = 'LogThenDrop', log_arf = true, relay_from = {} } },
    hostname = 'mail.example.com',
    listen = '0.0.0.0:0',
    max_messages_per_connection = 10000,
    max_recipients_per_message = 1024,
    relay_hosts = { '127.0.0.1', '::1', '10.0.0.0/8' },
    tls_certificate = { vault_mount = 'secret', vault_path = 'tls/cert', vault_address = 'http://127.0.0.1:8200', vault_token = 'x' },
    tls_private_key = { vault_mount = 'secret', vault_path = 'tls/key', vault_address = 'http://127.0.0.1:8200', vault_token = 'x' },
    trace_headers = {
      received_header = true,
      supplemental_header = true,
      header_name = 'X-KumoRef',
      include_meta_names = { 'tenant', 'campaign' },
    },
    max_message_size = 20 * 1024 * 1024,
    line_length_hard_limit = 998,
    invalid_line_endings = 'Deny',
    max_connections = 100,
    limits = { max_unknown_commands = 5 },
  }
  kumo.start_esmtp_listener { listen = '[::1]:0', trace_headers = {}, domains = {} }
  kumo.start_http_listener {
    hostname = 'mail.example.com',
    listen = '127.0.0.1:0',
    tls_certificate = '/path/to/cert.pem',
    tls_private_key = '/path/to/key.pem',
    trusted_hosts = { '127.0.0.1', '::1' },
    use_tls = false,
    request_body_limit = 2 * 1024 * 1024,
  }
end)
