-- Mail from inside is signed by the domain of its author, with both kinds of keys.
local SIGNED = { ['example.com'] = true, ['example.net'] = true }

kumo.on('init', function()
  kumo.start_esmtp_listener {
    listen = '127.0.0.1:0',
    hostname = 'mx.example.com',
    relay_hosts = { '10.0.0.0/8' },
  }
end)

local function signed(msg)
  local from = msg:from_header()
  local domain = from and from.domain
  if not SIGNED[domain] then
    return
  end
  local rsa = kumo.dkim.rsa_sha256_signer {
    domain = domain,
    selector = 'rsa',
    headers = { 'From', 'To', 'Subject', 'Date', 'Message-ID', 'Content-Type', 'MIME-Version' },
    over_sign = true,
    expiration = 7 * 24 * 3600,
    key = 'dkim/rsa.pem',
  }
  local ed25519 = kumo.dkim.ed25519_signer {
    domain = domain,
    selector = 'ed25519',
    header_canonicalization = 'Simple',
    body_canonicalization = 'Simple',
    agent_user_identifier = '@' .. domain,
    key = { key_data = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n' },
  }
  msg:dkim_sign(ed25519)
  msg:dkim_sign(rsa)
end

kumo.on('smtp_server_message_received', signed)
kumo.on('http_message_generated', signed)
