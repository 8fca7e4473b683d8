-- Runs last in each new state: makes of Java's functions the module kumo, and gives back what Java calls.
--
-- java:    functions of Java by name; those of the script begin with 'kumo.', methods are 'type:method'
-- limits:  kept, names of types whose objects live as long as the script holds them
-- kit:     what the other chunks made
-- returns: what makes an error's text, what gives for an event what calls its handlers, what runs a script, and metatables by the name
--          of the type
local java, limits, kit = ...
local kept, scripts = limits.kept, kit.scripts

local error, type, next, tostring, rawget, rawset, setmetatable, load, pcall, ipairs =
  error, type, next, tostring, rawget, rawset, setmetatable, load, pcall, ipairs
local match = string.match
local concat, pack, unpack, sort = table.concat, table.pack, table.unpack, table.sort
local format, whole = string.format, math.type
local getmetatable = debug.getmetatable
local fix, lock = kit.fix, kit.lock

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
      rawset(family(outer), key, fix(name, members))
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

local deepest = 40

local function require_flat(depth)
  if depth == deepest then
    error('kumo.memoize: tables are nested more than ' .. deepest .. ' deep, or contain themselves', 0)
  end
end

-- A name for a plain value, another one for each other value.
local function name_of(value, depth)
  local kind = type(value)
  if kind == 'string' then
    return '"' .. #value .. ':' .. value
  elseif kind == 'number' then
    return whole(value) == 'integer' and 'i' .. value or format('f%a', value)
  elseif kind == 'boolean' or kind == 'nil' then
    return tostring(value)
  elseif kind ~= 'table' then
    error('kumo.memoize: an argument is a ' .. kind .. '; results are kept by texts, numbers, booleans, addresses and tables of these', 0)
  end
  require_flat(depth)
  local names = {}
  for key, item in next, value do
    names[#names + 1] = name_of(key, depth + 1) .. '=' .. name_of(item, depth + 1)
  end
  sort(names)
  return '{' .. #names .. ':' .. concat(names, ',') .. '}'
end

-- What the one who gets it may change.
local function copy(value, depth)
  if type(value) == 'userdata' then
    local name = getmetatable(value).__name
    if not kept[name] then
      error('kumo.memoize: a result is a ' .. name .. ', which is there for its event only; return what you need of it', 0)
    end
  elseif type(value) == 'table' then
    require_flat(depth)
    local result = {}
    for key, item in next, value do
      result[copy(key, depth + 1)] = copy(item, depth + 1)
    end
    return setmetatable(result, getmetatable(value))
  end
  return value
end

local function copies(values)
  local result = { n = values.n }
  for i = 1, values.n do
    result[i] = copy(values[i], 0)
  end
  return result
end

local function memoized(f, capacity, ttl)
  local cache, size = {}, 0
  return function(...)
    local names = pack(...)
    for i = 1, names.n do
      names[i] = name_of(names[i], 0)
    end
    local key = concat(names, ',')
    local now = java.seconds()
    local hit = cache[key]
    if hit and hit.expires > now then
      local results = copies(hit.results)
      return unpack(results, 1, results.n)
    end
    local results = pack(f(...))
    local keep = copies(results)
    if not hit then
      if size >= capacity then
        cache, size = {}, 0
      end
      size = size + 1
    end
    cache[key] = { results = keep, expires = now + ttl }
    return unpack(results, 1, results.n)
  end
end

-- Results of a function by its arguments, for a time; each state has its own.
function kumo.memoize(f, options)
  local capacity, ttl = java.memoize_options(options)
  if type(f) ~= 'function' then
    error('kumo.memoize(f, options): f must be a function, not a ' .. type(f), 2)
  end
  return memoized(f, capacity, ttl)
end

local shown = fix('kumo', kumo)

local loaded = {
  _G = scripts,
  coroutine = scripts.coroutine,
  kumo = shown,
  math = scripts.math,
  os = scripts.os,
  string = scripts.string,
  table = scripts.table,
  utf8 = scripts.utf8,
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

scripts.package = fix('package', { loaded = fix('package.loaded', loaded) })
scripts.kumo = shown

-- No handler is added any more when the first one is asked for.
local function calls(event)
  lock()
  local list = handlers[event] or {}
  return #list == 1 and kit.handling(list[1]) or kit.handling_each(list)
end

return kit.told, calls, run, metatables
