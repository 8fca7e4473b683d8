-- Runs first in each new state: puts bounds on what a script may do, and takes away what a policy has no business with.
--
-- java:    functions of Java by name
-- limits:  memory (KiB), text (bytes of one string made by a library function), interval and look (see tick), steps of a pattern,
--          and source, the name of this chunk
-- returns: the table of globals that scripts have. It is none that Java's binding looks into, so no metatable of a script is asked
--          in the midst of a call of Java.
local java, limits = ...

local scripts = {} -- their globals

local error, type, select, tostring, tonumber, pcall, rawget, setmetatable, getmetatable, load =
  error, type, select, tostring, tonumber, pcall, rawget, setmetatable, getmetatable, load
local collectgarbage = collectgarbage
local sethook, getinfo, getlocal = debug.sethook, debug.getinfo, debug.getlocal
local sub, find, match, gmatch, gsub, rep, format, binary =
  string.sub, string.find, string.match, string.gmatch, string.gsub, string.rep, string.format, string.pack
local concat, pack, unpack, move, sort, insert, remove =
  table.concat, table.pack, table.unpack, table.move, table.sort, table.insert, table.remove
local date = os.date
local huge = math.huge
local create, resume, close, status = coroutine.create, coroutine.resume, coroutine.close, coroutine.status

----------------------------------------------------------------------------------------------------------------------------------
-- Bounds on time and memory. A hook runs every `interval` instructions. Once it has said stop it says so after every instruction,
-- so that a pcall of the script gets no further than the next one.

local stopped
local ticks = 0

local function stop(why)
  local level = 3 -- what ran when the hook came
  local at = getinfo(level, 'Sl')
  while at and (at.currentline <= 0 or at.source == limits.source) do
    level = level + 1
    at = getinfo(level, 'Sl')
  end
  stopped = (at and at.short_src .. ':' .. at.currentline .. ': ' or '') .. why
  java.stopped()
end

-- What lies ready to be joined: a single instruction makes one text of up to 250.
local function pile(level)
  local size, at = 0, 0
  repeat
    at = at + 1
    local name, value = getlocal(level, at)
    if name == '(temporary)' and type(value) == 'string' then
      size = size + #value
    end
  until not name
  return size // 1024
end

local function tick()
  if not stopped then
    local held = collectgarbage('count')
    ticks = ticks + 1 + held // 1024 -- the more there is, the longer one instruction may take
    if held > limits.memory or held * 4 > limits.memory and pile(3) > limits.memory then
      collectgarbage('collect')
      if collectgarbage('count') > limits.memory or pile(3) > limits.memory then
        stop('the script uses more than ' .. limits.memory // 1024 .. ' MiB of memory')
      end
      ticks = limits.look -- a collection takes time
    end
    if ticks >= limits.look and not stopped then
      ticks = 0
      local why = java.overdue()
      if why then
        stop(why)
      end
    end
  end
  if stopped then
    sethook(tick, '', 1)
    error(stopped, 0)
  end
end

-- A coroutine has a hook of its own.
coroutine.create = function(f)
  local co = create(f)
  sethook(co, tick, '', limits.interval)
  return co
end

coroutine.wrap = function(f)
  local co = coroutine.create(f)
  local function answer(ok, ...)
    if not ok then
      if status(co) == 'suspended' then
        close(co)
      end
      error((...), 0)
    end
    return ...
  end
  return function(...)
    return answer(resume(co, ...))
  end
end

-- What runs to close a coroutine that the hook has ended runs without a hook.
coroutine.close = function(co)
  if stopped then
    error(stopped, 0)
  end
  return close(co)
end

-- Nor is there one in a message handler that is called for the hook's error, so it is called when that has been caught.
scripts.xpcall = function(f, handler, ...)
  local results = pack(pcall(f, ...))
  if results[1] then
    return unpack(results, 1, results.n)
  end
  return false, handler(results[2])
end

----------------------------------------------------------------------------------------------------------------------------------
-- What C does in one instruction, and so out of the hook's reach, has its bound here.

local function too_large(what, level)
  error(what .. ' would make more than ' .. limits.text .. ' bytes', level + 1)
end

string.rep = function(s, n, sep)
  if (type(s) == 'string' or type(s) == 'number') and type(n) == 'number' and n > 0 then
    local length = #tostring(s) + (type(sep) == 'string' and #sep or 0)
    if length == 0 then
      return '' -- which C does n times
    end
    if length * (n + 0.0) > limits.text then
      too_large('string.rep', 2)
    end
  end
  return rep(s, n, sep)
end

string.format = function(...)
  local arguments, size = pack(...), 0
  for i = 1, arguments.n do
    local v = arguments[i]
    if i > 1 and (type(v) == 'table' or type(v) == 'userdata') then
      v = tostring(v) -- here, not within C
      arguments[i] = v
    end
    if type(v) == 'string' then
      size = size + #v
    end
  end
  if size * 4 > limits.text then -- %q writes up to four bytes for one
    too_large('string.format', 2)
  end
  return format(unpack(arguments, 1, arguments.n))
end

string.pack = function(layout, ...)
  if type(layout) == 'string' then
    local size = #layout * 16.0 -- the widest alignment
    for length in gmatch(layout, 'c(%d+)') do
      size = size + tonumber(length)
    end
    if size > limits.text then
      too_large('string.pack', 2)
    end
  end
  return binary(layout, ...)
end

local most_items = 4000000

local function small(what, t, level)
  if getmetatable(t) and type(t) == 'table' and #t > most_items then
    error(what .. ': the table has more than ' .. most_items .. ' items', level + 1)
  end
end

table.concat = function(t, sep, i, j)
  if type(t) ~= 'table' then
    return concat(t, sep, i, j)
  end
  small('table.concat', t, 2)
  local from, to = i or 1, j or #t
  if type(from) ~= 'number' or type(to) ~= 'number' then
    return concat(t, sep, i, j)
  end
  if (to + 0.0) - from > most_items then
    error('table.concat: more than ' .. most_items .. ' items', 2)
  end
  local items = getmetatable(t) and {} or nil -- what a metamethod gives now, it need not give again
  local size = type(sep) == 'string' and #sep * (to - from + 1.0) or 0
  for k = from, to do
    local v = t[k]
    if items then
      items[k - from + 1] = v
    end
    if type(v) == 'string' then
      size = size + #v
    end
    if size > limits.text then
      too_large('table.concat', 2)
    end
  end
  if items then
    return concat(items, sep, 1, to - from + 1)
  end
  return concat(t, sep, i, j)
end

table.move = function(a, f, e, t, b)
  if type(f) == 'number' and type(e) == 'number' and (e + 0.0) - f > most_items then
    error('table.move: more than ' .. most_items .. ' items', 2)
  end
  if b == nil then
    return move(a, f, e, t)
  end
  return move(a, f, e, t, b)
end

local function less_than(a, b)
  return a < b
end

-- C compares long texts in no time that the hook would see.
local function has_much_text(t)
  local size = 0
  for i = 1, type(t) == 'table' and #t or 0 do
    local v = t[i]
    if type(v) == 'string' then
      size = size + #v
      if size > 1000000 then
        return true
      end
    end
  end
  return false
end

table.sort = function(t, less)
  small('table.sort', t, 2)
  if less == nil and has_much_text(t) then
    less = less_than
  end
  return sort(t, less)
end

table.insert = function(t, ...)
  small('table.insert', t, 2)
  return insert(t, ...)
end

table.remove = function(t, ...)
  small('table.remove', t, 2)
  return remove(t, ...)
end

-- A pattern with several repetitions can take a time that grows with a power of the text's length, and the text may be a
-- stranger's. Where that could be long, a matcher of ours counts its steps.
local function heavy(s, p)
  if type(s) ~= 'string' or type(p) ~= 'string' then
    return false
  end
  local _, repetitions = gsub(p, '[*+-]', '')
  local _, pairs = gsub(p, '%%b', '')
  local _, choices = gsub(p, '%?', '')
  local power = repetitions + pairs + (sub(p, 1, 1) == '^' and 0 or 1)
  return (#s + 1.0) ^ power * 2.0 ^ choices * (#p + 1) > limits.steps
end

local function captures(m)
  if m[3] == nil then
    return sub(m.s, m[1], m[2])
  end
  return unpack(m, 3)
end

local function first_match(s, p, init)
  local m = java.matches(s, p, init or 1, 0, 1)[1]
  if m then
    m.s = s
  end
  return m
end

-- Plain text can take the product of both lengths; a piece of the text at a time, the hook gets to see it.
local function find_plain(s, p, init)
  if type(s) ~= 'string' or type(p) ~= 'string' or (#s + 0.0) * #p < 1e8 then
    return find(s, p, init, true)
  end
  local step = 1 + 100000000 // #p
  local from = init or 1
  if from < 0 then
    from = #s + from + 1
  end
  for at = from < 1 and 1 or from, #s - #p + 1, step do
    local first, last = find(sub(s, at, at + step + #p - 2), p, 1, true)
    if first then
      return at + first - 1, at + last - 1
    end
  end
  return nil
end

string.find = function(s, p, init, plain)
  if plain or type(p) == 'string' and not find(p, '[%^%$%*%+%?%.%(%[%%%-]') then
    return find_plain(s, p, init)
  elseif not heavy(s, p) then
    return find(s, p, init)
  end
  local m = first_match(s, p, init)
  if m then
    return unpack(m)
  end
  return nil
end

string.match = function(s, p, init)
  if not heavy(s, p) then
    return match(s, p, init)
  end
  local m = first_match(s, p, init)
  if m then
    return captures(m)
  end
  return nil
end

local batch = 500

-- Goes through all matches, some at a time.
local function each(s, p, init, most)
  local list, at = {}, 0
  local from, last, anchored = init or 1, 0, sub(p, 1, 1) == '^'
  return function()
    at = at + 1
    if list and list[at] == nil then
      if at > 1 and (#list < batch or anchored) or most <= 0 then
        return nil
      end
      list = java.matches(s, p, from, last, batch)
      at = 1
      local m = list[#list]
      if m == nil then
        most = 0
        return nil
      end
      last = m[2] + 1
      from = last
    end
    if most <= 0 then
      return nil
    end
    most = most - 1
    local m = list[at]
    m.s = s
    return m
  end
end

string.gmatch = function(s, p, init)
  if not heavy(s, p) then
    return gmatch(s, p, init)
  end
  local following = each(s, sub(p, 1, 1) == '^' and '%' .. p or p, init, huge)
  return function()
    local m = following()
    if m then
      return captures(m)
    end
    return nil
  end
end

-- What is put in place of matches, with its size counted.
local function counted(by, size)
  return function(...)
    local value
    if type(by) == 'table' then
      value = by[(...)]
    else
      value = by(...)
    end
    if type(value) == 'string' then
      size = size + #value
      if size > limits.text then
        too_large('string.gsub', 3)
      end
    end
    return value
  end
end

string.gsub = function(s, p, by, most)
  local simple = type(by) == 'string' or type(by) == 'number'
  if type(s) ~= 'string' or type(p) ~= 'string' or not (simple or type(by) == 'table' or type(by) == 'function') then
    return gsub(s, p, by, most)
  end
  if simple then
    by = tostring(by)
  end
  if not heavy(s, p) then
    if not simple then
      return gsub(s, p, counted(by, #s), most)
    end
    local growth = #by * (find(by, '%%[0-9]') and #s or 1)
    if (#s + 1.0) * growth <= limits.text then
      return gsub(s, p, by, most)
    end
  end
  local parts, at, n, size = {}, 1, 0, #s
  for m in each(s, p, 1, most or huge) do
    n = n + 1
    local whole = sub(s, m[1], m[2])
    local value
    if simple then
      value = gsub(by, '%%(.)', function(c)
        if c == '%' then
          return '%'
        elseif c == '0' then
          return whole
        end
        local capture = m[2 + (tonumber(c) or error("invalid use of '%' in replacement string", 4))]
        if capture == nil and c == '1' then
          capture = whole
        end
        return capture or error('invalid capture index %' .. c .. ' in replacement string', 4)
      end)
    elseif type(by) == 'table' then
      value = by[(captures(m))]
    else
      value = by(captures(m))
    end
    if not value then
      value = whole
    elseif type(value) ~= 'string' and type(value) ~= 'number' then
      error('invalid replacement value (a ' .. type(value) .. ')', 2)
    end
    size = size + #tostring(value)
    if size > limits.text then
      too_large('string.gsub', 2)
    end
    parts[#parts + 1] = sub(s, at, m[1] - 1)
    parts[#parts + 1] = value
    at = m[2] + 1
  end
  parts[#parts + 1] = sub(s, at)
  return concat(parts), n
end

----------------------------------------------------------------------------------------------------------------------------------
-- The sandbox.

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
  ticks = limits.look -- it takes time
  if what == nil or what == 'collect' then
    return collectgarbage('collect')
  elseif what == 'count' then
    return collectgarbage('count')
  end
  error("collectgarbage can 'collect' and 'count' here, not " .. tostring(what), 2)
end

-- Bytecode can break the machine that runs it. Text is compiled in one go, so there is not to be much of it.
local most_source = 1000000

local function pieces(chunk)
  local size = 0
  return function()
    local piece = chunk()
    if type(piece) == 'string' or type(piece) == 'number' then
      size = size + #tostring(piece)
      if size > most_source then
        error('load takes at most ' .. most_source .. ' bytes', 0)
      end
    end
    return piece
  end
end

scripts.load = function(chunk, name, mode, ...)
  if mode ~= nil and mode ~= 't' and mode ~= 'bt' then
    error('load takes text only', 2)
  end
  if type(chunk) == 'string' then
    name = name or '=(load)'
    if #chunk > most_source then
      error('load takes at most ' .. most_source .. ' bytes', 2)
    end
  elseif type(chunk) == 'function' then
    chunk = pieces(chunk)
  end
  if select('#', ...) > 0 then
    return load(chunk, name, 't', (...))
  end
  return load(chunk, name, 't', scripts)
end

local joined = table.concat

scripts.print = function(...)
  local texts = pack(...)
  for i = 1, texts.n do
    texts[i] = tostring(texts[i])
  end
  java.print(joined(texts, '\t'))
end

for _, name in ipairs {
  '_VERSION', 'assert', 'error', 'getmetatable', 'ipairs', 'next', 'pairs', 'pcall', 'rawequal', 'rawget', 'rawlen', 'rawset', 'select',
  'tonumber', 'tostring', 'type', 'coroutine', 'math', 'os', 'string', 'table', 'utf8',
} do
  scripts[name] = _G[name]
end
scripts._G = scripts

sethook(tick, '', limits.interval)

return scripts
