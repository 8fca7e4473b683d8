-- policy-extras.listener_domains: what get_listener_domain answers, out of files in TOML or JSON. Run with the functions of Java, and the
-- module kumo.
local _, kumo = ...

local domains = {}

local function read(file)
  if type(file) == 'table' then
    return file
  end
  return file:match '%.json$' and kumo.serde.json_load(file) or kumo.serde.toml_load(file)
end

local function add(all, listener, entries)
  local known = all[listener] or {}
  all[listener] = known
  for domain, options in pairs(entries) do
    local merged = known[domain] or {}
    known[domain] = merged
    for key, value in pairs(options) do
      merged[key] = value
    end
  end
end

-- For each listener, '*' standing for all: a map of its domains, and what holds for all others.
local function compiled(files)
  local all = {}
  for _, file in ipairs(files) do
    local of_any = {}
    for key, value in pairs(read(file)) do
      if key == 'listener' then
        for listener, entries in pairs(value) do
          add(all, listener, entries)
        end
      else
        of_any[key] = value
      end
    end
    add(all, '*', of_any)
  end
  local maps = {}
  for listener, entries in pairs(all) do
    for _, options in pairs(entries) do
      local checked = {}
      for key, value in pairs(options) do
        if key ~= 'relay_from_authz' then
          checked[key] = value
        end
      end
      kumo.make_listener_domain(checked)
    end
    local others = entries['*']
    entries['*'] = nil
    maps[listener] = { domains = kumo.domain_map.new(entries), others = others }
  end
  return maps
end

local function contains(list, wanted)
  for _, item in ipairs(list or {}) do
    if item == wanted then
      return true
    end
  end
  return false
end

local function answer(options, conn)
  if options.relay_from_authz and contains(options.relay_from_authz, conn:get_meta 'authz_id') then
    local from = conn:get_meta 'received_from'
    options.relay_from = { from:match '^%[(.*)%]:%d+$' or from:match '^(.*):%d+$' }
  end
  options.relay_from_authz = nil
  return kumo.make_listener_domain(options)
end

local function copy(options)
  local result = {}
  for key, value in pairs(options) do
    result[key] = value
  end
  return result
end

function domains:setup(files)
  local load = kumo.memoize(function()
    return compiled(files)
  end, { name = 'listener_domains', ttl = '5 minutes', capacity = 1 })
  load()
  return function(domain, listener, conn)
    local maps = load()
    for _, map in ipairs { maps[listener] or {}, maps['*'] or {} } do
      local options = map.domains and map.domains[domain] or map.others
      if options then
        return answer(copy(options), conn)
      end
    end
  end
end

return domains
