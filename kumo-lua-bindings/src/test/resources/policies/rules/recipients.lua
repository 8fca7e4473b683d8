local kumo = require 'kumo'
local names = kumo.json_load 'rules/names.json'
local M = {}

function M.check(recipient)
  if not names[recipient.user] then
    kumo.reject(550, '5.1.1 no mailbox ' .. recipient.user)
  end
end

return M
