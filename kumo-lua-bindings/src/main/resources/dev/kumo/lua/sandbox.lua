-- The globals that scripts have, without what a policy has no business with. They are none that Java's binding looks into, so no
-- metatable of a script is asked in the midst of a call of Java.
local java, _, kit = ...

local error, type, next, select, tostring, rawget, rawset, setmetatable, load =
  error, type, next, select, tostring, rawget, rawset, setmetatable, load
local collectgarbage = collectgarbage
local getmetatable = debug.getmetatable -- the other one says what a __metatable tells it to
local packed, joined, date = table.pack, table.concat, os.date
local look, glance, scripts = kit.look, kit.glance, kit.scripts
local pcall = scripts.pcall

-- Texts are compared, and numbers read, in one way everywhere.
for _, category in ipairs { 'collate', 'ctype', 'numeric', 'time' } do
  if os.setlocale(nil, category) ~= 'C' then
    os.setlocale('C', category)
  end
end


string.dump = nil
os = { clock = os.clock, difftime = os.difftime, time = os.time }

function os.date(layout, ...)
  if type(layout) == 'string' and #layout > 1000 then
    error('os.date: the format has more than 1000 characters', 2)
  end
  return date(layout, ...)
end

-- No hook runs in a finalizer.
scripts.setmetatable = function(t, mt)
  if type(mt) == 'table' and rawget(mt, '__gc') ~= nil then
    error('__gc has no place in a policy', 2)
  end
  return setmetatable(t, mt)
end

scripts.collectgarbage = function(what)
  look() -- it takes time
  if what == nil or what == 'collect' then
    collectgarbage('collect')
    glance()
    return 0
  elseif what == 'count' then
    return collectgarbage('count')
  end
  error("collectgarbage can 'collect' and 'count' here, not " .. tostring(what), 2)
end

-- Bytecode can break the machine that runs it. Text is compiled in one go, so there is not to be much of it.
local most_source = 1000000

-- What the compiler would call for a piece at a time gives all of them before, as the compiler may be deeper in C than the hook can come.
local function whole(chunk)
  local pieces, size = {}, 0
  for piece in chunk do
    if type(piece) ~= 'string' and type(piece) ~= 'number' then
      error('reader function must return a string', 0)
    elseif piece == '' then
      break
    end
    pieces[#pieces + 1] = piece
    size = size + #tostring(piece)
    if size > most_source then
      error('load takes at most ' .. most_source .. ' bytes', 0)
    end
  end
  return joined(pieces)
end

-- The compiler may have been deeper in C than finalizers can come, too.
local function compiled(...)
  glance()
  return ...
end

scripts.load = function(chunk, name, mode, ...)
  if mode ~= nil and mode ~= 't' and mode ~= 'bt' then
    error('load takes text only', 2)
  end
  if type(chunk) == 'function' then
    local ok, source = pcall(whole, chunk)
    if not ok then
      return nil, source
    end
    chunk, name = source, name or '=(load)'
  elseif type(chunk) == 'string' then
    name = name or '=(load)'
    if #chunk > most_source then
      error('load takes at most ' .. most_source .. ' bytes', 2)
    end
  end
  if select('#', ...) > 0 then
    return compiled(load(chunk, name, 't', (...)))
  end
  return compiled(load(chunk, name, 't', scripts))
end

-- A handler that changed one of these would have changed it for the sessions of others.
local locked = false
local fixed = {} -- what they stand for

local function fix(name, members)
  local instead = {}
  fixed[instead] = members
  return setmetatable(instead, {
    __index = members,
    __newindex = function(_, key, value)
      if locked then
        error(name .. '.' .. tostring(key) .. ' cannot be set by a handler; do so in the script itself, or use a table of your own')
      end
      members[key] = value
    end,
    __pairs = function(t)
      return function(_, key)
        return next(members, key)
      end, t
    end,
    __name = name,
    __metatable = false,
  })
end

local function lock()
  locked = true
end

scripts.rawget = function(t, key)
  return rawget(fixed[t] or t, key)
end

scripts.rawset = function(t, key, value)
  if fixed[t] then
    t[key] = value
    return t
  end
  return rawset(t, key, value)
end

scripts.print = function(...)
  local texts = packed(...)
  for i = 1, texts.n do
    texts[i] = tostring(texts[i])
  end
  java.print(joined(texts, '\t'))
end

for _, name in ipairs {
  '_VERSION', 'assert', 'error', 'getmetatable', 'ipairs', 'next', 'pairs', 'rawequal', 'rawlen', 'select', 'tonumber', 'tostring', 'type',
} do
  scripts[name] = _G[name]
end
for _, name in ipairs { 'coroutine', 'math', 'os', 'string', 'table', 'utf8' } do
  scripts[name] = fix(name, _G[name])
end
scripts._G = scripts

local of_texts = getmetatable('')
of_texts.__index = scripts.string
of_texts.__metatable = fix('the metatable of texts', of_texts)

kit.fix, kit.lock = fix, lock
