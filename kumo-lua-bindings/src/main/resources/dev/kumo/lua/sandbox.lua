-- Runs first in each new state: puts bounds on what a script may do, and takes away what a policy has no business with.
--
-- java:   functions of Java by name
-- limits: memory (KiB), text (bytes of one string made by a library function), interval and look (see tick), steps of a pattern,
--         and source, the name of this chunk
local java, limits = ...

local error, type, select, tostring, tonumber, pcall, rawget, setmetatable, getmetatable, load =
  error, type, select, tostring, tonumber, pcall, rawget, setmetatable, getmetatable, load
local collectgarbage = collectgarbage
local sethook, getinfo = debug.sethook, debug.getinfo
local sub, find, match, gmatch, gsub, rep, format = string.sub, string.find, string.match, string.gmatch, string.gsub, string.rep, string.format
local concat, pack, unpack, move, sort, insert, remove =
  table.concat, table.pack, table.unpack, table.move, table.sort, table.insert, table.remove
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

local function tick()
  if not stopped then
    ticks = ticks + 1
    if collectgarbage('count') > limits.memory then
      collectgarbage('collect')
      if collectgarbage('count') > limits.memory then
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
_G.xpcall = function(f, handler, ...)
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
    if length * (n + 0.0) > limits.text then
      too_large('string.rep', 2)
    end
  end
  return rep(s, n, sep)
end

string.format = function(...)
  local size = 0
  for i = 1, select('#', ...) do
    local v = select(i, ...)
    if type(v) == 'string' then
      size = size + #v
    end
  end
  if size * 4 > limits.text then -- %q writes up to four bytes for one
    too_large('string.format', 2)
  end
  return format(...)
end

local most_items = 4000000

local function small(what, t, level)
  if getmetatable(t) and type(t) == 'table' and #t > most_items then
    error(what .. ': the table has more than ' .. most_items .. ' items', level + 1)
  end
end

table.concat = function(t, sep, i, j)
  if type(t) == 'table' then
    small('table.concat', t, 2)
    local from, to = i or 1, j or #t
    if type(from) == 'number' and type(to) == 'number' then
      if to - from > most_items then
        error('table.concat: more than ' .. most_items .. ' items', 2)
      end
      local size = type(sep) == 'string' and #sep * (to - from + 1.0) or 0
      for k = from, to do
        local v = t[k]
        if type(v) == 'string' then
          size = size + #v
        end
        if size > limits.text then
          too_large('table.concat', 2)
        end
      end
    end
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

table.sort = function(t, less)
  small('table.sort', t, 2)
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
  if type(s) ~= 'string' or type(p) ~= 'string' or not find(p, '[*+?-]') then
    return false
  end
  local _, repetitions = gsub(p, '[*+-]', '')
  local _, choices = gsub(p, '%?', '')
  return (#s + 1.0) ^ (repetitions + 1) * 2.0 ^ choices > limits.steps
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

string.find = function(s, p, init, plain)
  if plain or not heavy(s, p) then
    return find(s, p, init, plain)
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
  local following = each(s, sub(p, 1, 1) == '^' and '%' .. p or p, init, math.huge)
  return function()
    local m = following()
    if m then
      return captures(m)
    end
    return nil
  end
end

string.gsub = function(s, p, by, most)
  local simple = type(by) == 'string' or type(by) == 'number'
  local growth = 1
  if simple then
    by = tostring(by)
    growth = #by * (find(by, '%%[0-9]') and type(s) == 'string' and #s or 1)
  end
  if type(s) ~= 'string' or type(p) ~= 'string'
      or not (simple or type(by) == 'table' or type(by) == 'function')
      or not heavy(s, p) and (simple and (#s + 1.0) * growth <= limits.text or not simple and #s <= 4096) then
    return gsub(s, p, by, most)
  end
  local parts, at, n, size = {}, 1, 0, #s
  for m in each(s, p, 1, most or math.huge) do
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
os = { clock = os.clock, date = os.date, difftime = os.difftime, time = os.time }

-- No hook runs in a finalizer.
_G.setmetatable = function(t, mt)
  if type(mt) == 'table' and rawget(mt, '__gc') ~= nil then
    error('__gc has no place in a policy', 2)
  end
  return setmetatable(t, mt)
end

_G.collectgarbage = function(what)
  if what == nil or what == 'collect' then
    return collectgarbage('collect')
  elseif what == 'count' then
    return collectgarbage('count')
  end
  error("collectgarbage can 'collect' and 'count' here, not " .. tostring(what), 2)
end

-- Bytecode can break the machine that runs it.
_G.load = function(chunk, name, mode, ...)
  if mode ~= nil and mode ~= 't' and mode ~= 'bt' then
    error('load takes text only', 2)
  end
  if type(chunk) == 'string' then
    name = name or '=(load)'
  end
  if select('#', ...) > 0 then
    return load(chunk, name, 't', (...))
  end
  return load(chunk, name, 't')
end

_G.print = function(...)
  local texts = pack(...)
  for i = 1, texts.n do
    texts[i] = tostring(texts[i])
  end
  java.print(concat(texts, '\t'))
end

debug, dofile, loadfile, warn, _G.java = nil, nil, nil, nil, nil

sethook(tick, '', limits.interval)
