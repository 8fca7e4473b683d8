-- Runs second in each new state: makes of Java's functions the module kumo, and gives back what Java calls.
--
-- java:    functions of Java by name; those of the script begin with 'kumo.', methods are 'type:method'
-- kept:    names of types whose objects live as long as the script holds them
-- scripts: their globals
-- returns: what calls handlers, what runs a script, and metatables by the name of the type
local java, kept, scripts = ...

local error, type, next, tostring, rawget, rawset, setmetatable, load, pcall, ipairs =
  error, type, next, tostring, rawget, rawset, setmetatable, load, pcall, ipairs
local match = string.match
local concat, pack, unpack = table.concat, table.pack, table.unpack

local function strict(name, members)
  return setmetatable(members, {
    __index = function(_, key)
      error(java.missing(name, tostring(key)), 2)
    end,
    __metatable = false,
  })
end

local families = {}

local function family(name)
  local members = families[name]
  if not members then
    members = strict(name, {})
    families[name] = members
    local outer, key = match(name, '^(.*)%.([^.]+)$')
    if outer then
      rawset(family(outer), key, members)
    end
  end
  return members
end

local kumo = family('kumo')
local methods = {}

for name, f in next, java do
  local outer, key = match(name, '^(kumo.*)%.([^.]+)$')
  if outer then
    rawset(family(outer), key, f)
  else
    local owner, method = match(name, '^([^:]+):(.+)$')
    if owner then
      methods[owner] = methods[owner] or {}
      methods[owner][method] = f
    end
  end
end

local metatables = {}

for name, members in next, methods do
  local metatable, plain = {}, {}
  for method, f in next, members do
    local own = match(method, '^__') and metatable or plain
    own[method] = f
  end
  metatable.__name = name
  metatable.__metatable = false
  metatable.__index = metatable.__index or strict(name, plain)
  metatable.__gc = kept[name] and java.release or nil
  metatables[name] = metatable
end

-- An address is a table, so that it may be kept: 1 is the part before the @, 2 the domain, 3 the whole.
local address_fields = { user = 1, domain = 2, email = 3 }
metatables.address = {
  __name = 'address',
  __metatable = false,
  __index = function(self, key)
    local at = address_fields[key]
    if not at then
      error("an address has 'user', 'domain' and 'email', not '" .. tostring(key) .. "'", 2)
    end
    return rawget(self, at)
  end,
  __newindex = function()
    error('an address cannot be changed', 2)
  end,
  __eq = function(a, b)
    return rawget(a, 3) == rawget(b, 3)
  end,
  __tostring = function(self)
    return rawget(self, 3)
  end,
  __concat = function(a, b)
    return tostring(a) .. tostring(b)
  end,
}

local handlers = {}

function kumo.on(event, handler)
  if type(handler) ~= 'function' then
    error("kumo.on(event, handler): the handler of '" .. tostring(event) .. "' must be a function, not a " .. type(handler), 2)
  end
  local trouble = java.event(tostring(event))
  if trouble then
    error(trouble, 2)
  end
  local list = handlers[event]
  if not list then
    list = {}
    handlers[event] = list
  end
  list[#list + 1] = handler
end

local function logger(level)
  return function(...)
    local texts = pack(...)
    for i = 1, texts.n do
      texts[i] = tostring(texts[i])
    end
    level(concat(texts, ' '))
  end
end

for _, level in ipairs { 'debug', 'info', 'warn', 'error' } do
  rawset(kumo, 'log_' .. level, logger(java['log_' .. level]))
end

-- Results of a function by its arguments, for a time; each state has its own.
function kumo.memoize(f, options)
  local capacity, ttl = java.memoize_options(options)
  local cache, size = {}, 0
  return function(...)
    local names = pack(...)
    for i = 1, names.n do
      names[i] = type(names[i]) .. ':' .. tostring(names[i])
    end
    local key = concat(names, '\0')
    local now = java.seconds()
    local hit = cache[key]
    if hit and hit.expires > now then
      return unpack(hit, 1, hit.n)
    end
    local results = pack(f(...))
    if not hit then
      if size >= capacity then
        cache, size = {}, 0
      end
      size = size + 1
    end
    results.expires = now + ttl
    cache[key] = results
    return unpack(results, 1, results.n)
  end
end

local loaded = {
  _G = scripts,
  coroutine = coroutine,
  kumo = kumo,
  math = math,
  os = os,
  string = string,
  table = table,
  utf8 = utf8,
}

local function run(source, file, ...)
  local chunk, trouble = load(source, file, 't', scripts)
  if not chunk then
    error(trouble, 0)
  end
  return chunk(...)
end

function scripts.require(name)
  local value = loaded[name]
  if value ~= nil then
    return value
  end
  local source, file, ours = java.find(name)
  loaded[name] = true -- a circle of files ends here
  local ok, result
  if ours then
    ok, result = pcall(run, source, file, java, kumo)
  else
    ok, result = pcall(run, source, file, name, match(file, '^@(.*)'))
  end
  if not ok then
    loaded[name] = nil
    error(result, 0)
  end
  if result ~= nil then
    loaded[name] = result
  end
  return loaded[name]
end

scripts.package = { loaded = loaded }
scripts.kumo = kumo

local function call(event, first, ...)
  local list = handlers[event]
  if list then
    for i = 1, #list do
      local result = list[i](...)
      if first and result ~= nil then
        return result
      end
    end
  end
end

return call, run, metatables
