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

-- Those that only newer versions of KumoMTA document.
kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    implicit_tls = true,
    tls_certificate = 'cert.pem',
    tls_private_key = 'key.pem',
    tls_required_client_ca = 'ca.pem',
    sni = { ['mail.example.net'] = { tls_certificate = 'other.pem', tls_private_key = 'other-key.pem' } },
    limits = {
      close_grace_period = '5 seconds',
      command_timeout = '1 minute',
      content_timeout = '5 minutes',
      first_mail_timeout = '1 minute',
      max_content_memory = 100000000,
      max_idle_commands = 50,
      max_refused_commands = 10,
      max_unknown_commands = 5,
    },
  }
end)

kumo.on('get_queue_config', function()
  return kumo.make_queue_config {
    egress_pool = 'pool',
    max_age = '2 days',
    max_message_rate = '100/min',
    max_retry_interval = '8 hours',
    protocol = { smtp = { mx_list = { 'relay.example.net' }, treat_mx_list_as_secure = true } },
    reap_interval = '10 minutes',
    retry_interval = '10 minutes',
  }
end)

kumo.on('get_egress_source', function(name)
  return kumo.make_egress_source { name = name, ehlo_domain = 'out.example.com', remote_port = 2525, source_address = '192.0.2.1' }
end)

kumo.on('get_egress_path_config', function()
  return kumo.make_egress_path {
    allow_smtp_auth_plain_without_tls = false,
    auth_timeout = '61s',
    banner_timeout = '62s',
    connect_timeout = '63s',
    connection_limit = 7,
    consecutive_connection_failures_before_delay = 50,
    data_dot_timeout = '64s',
    data_timeout = '65s',
    ehlo_domain = 'out.example.com',
    ehlo_timeout = '66s',
    enable_mta_sts = true,
    enable_pipelining = true,
    enable_rset = true,
    enable_tls = 'Required',
    idle_timeout = '67s',
    ignore_8bit_checks = false,
    ip_lookup_strategy = 'Ipv4Only',
    mail_from_timeout = '68s',
    max_connection_rate = '10/s',
    max_deliveries_per_connection = 100,
    max_message_rate = '100/s',
    max_ready = 2000,
    max_recipients_per_batch = 50,
    opportunistic_tls_reconnect_on_failed_handshake = true,
    prohibited_hosts = { '127.0.0.0/8' },
    rcpt_to_timeout = '69s',
    reconnect_strategy = 'TerminateSession',
    rset_timeout = '70s',
    skip_hosts = { '192.0.2.9' },
    smtp_auth_plain_password = 'tiger',
    smtp_auth_plain_username = 'scott',
    smtp_port = 587,
    starttls_timeout = '71s',
    try_next_host_on_transport_error = true,
    use_lmtp = false,
  }
end)
