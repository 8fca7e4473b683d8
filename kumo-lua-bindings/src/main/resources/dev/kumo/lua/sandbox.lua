-- Runs first in each new state: puts bounds on what a script may do, and takes away what a policy has no business with.
--
-- java:    functions of Java by name
-- limits:  memory (KiB), text (bytes of one string made by a library function), interval and look (see tick), steps of a pattern,
--          and source, the name of this chunk
-- returns: the table of globals that scripts have, which is none that Java's binding looks into, so no metatable of a script is asked
--          in the midst of a call of Java; and what the module takes from here
local java, limits = ...

local scripts = {} -- their globals

-- Texts are compared, and numbers read, in one way everywhere.
for _, category in ipairs { 'collate', 'ctype', 'numeric', 'time' } do
  if os.setlocale(nil, category) ~= 'C' then
    os.setlocale('C', category)
  end
end

-- Errors of C name the function as it is called here.
local error, type, next, select, tostring, tonumber, xpcall, rawget, rawset, rawlen, setmetatable, load =
  error, type, next, select, tostring, tonumber, xpcall, rawget, rawset, rawlen, setmetatable, load
local collectgarbage = collectgarbage
-- The other getmetatable says what a __metatable tells it to.
local sethook, getinfo, getlocal, getmetatable = debug.sethook, debug.getinfo, debug.getlocal, debug.getmetatable
local sub, find, match, gmatch, gsub, rep, format, pack =
  string.sub, string.find, string.match, string.gmatch, string.gsub, string.rep, string.format, string.pack
local concat, packed, unpack, move, sort, insert, remove =
  table.concat, table.pack, table.unpack, table.move, table.sort, table.insert, table.remove
local date = os.date
local huge, tointeger = math.huge, math.tointeger
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

-- What lies ready to be joined, side by side: a single instruction makes one text of up to 250.
local function pile(level)
  if getinfo(level, 'S').source == limits.source then
    return 0
  end
  local largest, size, at = 0, 0, 0
  repeat
    at = at + 1
    local name, value = getlocal(level, at)
    if name == '(temporary)' and type(value) == 'string' then
      size = size + #value
      largest = size > largest and size or largest
    elseif type(value) ~= 'number' then
      size = 0
    end
  until not name
  return largest // 1024
end

-- So few texts, joined, are not much more than what is held.
local few = 8

local function tick()
  if not stopped then
    local held = collectgarbage('count')
    ticks = ticks + 1 + held // 1024 -- the more there is, the longer one instruction may take
    if held > limits.memory or held * 250 > limits.memory and getlocal(2, few) and pile(3) > limits.memory then
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

----------------------------------------------------------------------------------------------------------------------------------
-- Errors tell the line of the script, not ours.

-- The nearest line of a script that runs, or of a coroutine that has failed.
local function line(co)
  local level = co and 0 or 2
  repeat
    local at
    if co then
      at = getinfo(co, level, 'Sl')
    else
      at = getinfo(level, 'Sl')
    end
    if at and at.currentline > 0 and at.source ~= limits.source then
      return at.short_src .. ':' .. at.currentline .. ': '
    end
    level = level + 1
  until not at
end

local ours = '^' .. gsub(sub(limits.source, 2), '%p', '%%%0') .. ':%d+: '
local running -- the handler: where it returns what a function of ours answers, its frame has gone

local function line_of_handler()
  local at = running and getinfo(running, 'S')
  return at and at.linedefined > 0 and at.source ~= limits.source and at.short_src .. ':' .. at.linedefined .. ': ' or ''
end

local function located(e, co)
  if type(e) == 'string' then
    local _, last = find(e, ours)
    if last or find(e, '^attempt to ') then -- as C says it, without a line
      return (line(co) or line_of_handler()) .. sub(e, (last or 0) + 1)
    end
  end
  return e
end

local function caught(e)
  return located(e)
end

-- For Java, which has nothing to say of another value than its type.
local function told(e)
  if type(e) == 'table' or type(e) == 'function' or type(e) == 'boolean' or type(e) == 'nil' then
    return (line() or line_of_handler()) .. 'raised a ' .. type(e) .. '; raise a text, or call kumo.reject'
  end
  return located(e)
end

local function pcall(f, ...)
  return xpcall(f, caught, ...)
end

scripts.pcall = function(...)
  if select('#', ...) == 0 then
    error("bad argument #1 to 'pcall' (value expected)", 2)
  end
  return pcall(...)
end

-- A coroutine has a hook of its own.
coroutine.create = function(f)
  local co = create(f)
  sethook(co, tick, '', limits.interval)
  return co
end

local function resumed(co, ok, ...)
  if ok then
    return ok, ...
  end
  return ok, located((...), co)
end

coroutine.resume = function(co, ...)
  return resumed(co, resume(co, ...))
end

coroutine.wrap = function(f)
  local co = coroutine.create(f)
  local function answer(ok, ...)
    if not ok then
      local e = located((...), co)
      if status(co) == 'suspended' then
        close(co)
      end
      error(e, 0)
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
  local results = packed(pcall(f, ...))
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

-- C takes numbers for texts, and texts for numbers. What has a bound is made what C would take it for.
local function text(v)
  return type(v) == 'number' and tostring(v) or v
end

-- Nil for what C refuses, and for nil.
local function whole(v)
  local n = tonumber(v)
  return n and tointeger(n)
end

local longest_number = 420 -- as '%.99f' writes one

string.rep = function(s, n, sep)
  local count = n ~= nil and whole(n)
  s, sep = text(s), text(sep)
  if type(s) ~= 'string' or not count or sep ~= nil and type(sep) ~= 'string' then
    return rep(s, n, sep)
  end
  local length = #s + (sep and #sep or 0)
  if length == 0 then
    return '' -- which C does n times
  end
  if count > 0 and length * (count + 0.0) > limits.text then
    too_large('string.rep', 2)
  end
  return rep(s, count, sep)
end

string.format = function(...)
  local arguments, size = packed(...), 0
  for i = 1, arguments.n do
    local v = arguments[i]
    if i > 1 and (type(v) == 'table' or type(v) == 'userdata') then
      v = tostring(v) -- here, not within C
      arguments[i] = v
    end
    size = size + (type(v) == 'string' and 4 * #v or longest_number) -- %q writes up to four bytes for one
  end
  if size > limits.text then
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
    local values = packed(...)
    for i = 1, values.n do
      local v = values[i]
      size = size + (type(v) == 'string' and #v or 0)
    end
    if size > limits.text then
      too_large('string.pack', 2)
    end
  end
  return pack(layout, ...)
end

local most_items = 4000000

-- A length that a metamethod tells may be another one each time. The length of a table with gaps may be any.
local function require_small(what, t, level)
  if type(t) == 'table' then
    local metatable = getmetatable(t)
    if metatable and rawget(metatable, '__len') ~= nil then
      error(what .. ': a table with __len is not taken', level + 1)
    elseif rawlen(t) > most_items then
      error(what .. ': the table has more than ' .. most_items .. ' items', level + 1)
    end
  end
end

-- C is about to go through so many items in one instruction.
local function spend(items)
  ticks = ticks + items // 10000
end

table.concat = function(t, sep, i, j)
  if type(t) ~= 'table' then
    return concat(t, sep, i, j)
  end
  require_small('table.concat', t, 2)
  sep = text(sep)
  local from, to = i == nil and 1 or whole(i), j == nil and rawlen(t) or whole(j)
  if not from or not to or sep ~= nil and type(sep) ~= 'string' then
    return concat(t, sep, i, j)
  end
  if (to + 0.0) - from > most_items then
    error('table.concat: more than ' .. most_items .. ' items', 2)
  end
  local items = getmetatable(t) and {} or nil -- what a metamethod gives now, it need not give again
  local size = sep and #sep * (to - from + 1.0) or 0
  for k = from, to do
    local v = t[k]
    if items then
      items[k - from + 1] = v
    end
    if type(v) == 'string' then
      size = size + #v
    elseif type(v) == 'number' then
      size = size + 24
    end
    if size > limits.text then
      too_large('table.concat', 2)
    end
  end
  if items then
    return concat(items, sep, 1, to - from + 1)
  end
  return concat(t, sep, from, to)
end

table.move = function(a, f, e, t, b)
  local from, to, at = whole(f), whole(e), whole(t)
  if not from or not to or not at then
    return move(a, f, e, t)
  end
  if (to + 0.0) - from > most_items then
    error('table.move: more than ' .. most_items .. ' items', 2)
  end
  spend(to > from and to - from or 0)
  if b == nil then
    return move(a, from, to, at)
  end
  return move(a, from, to, at, b)
end

local function less_than(a, b)
  return a < b
end

-- C compares long texts in no time that the hook would see.
local function has_much_text(t)
  local size = 0
  for i = 1, type(t) == 'table' and rawlen(t) or 0 do
    local v = rawget(t, i)
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
  require_small('table.sort', t, 2)
  if less == nil and has_much_text(t) then
    less = less_than
  end
  return sort(t, less)
end

table.insert = function(t, ...)
  require_small('table.insert', t, 2)
  if select('#', ...) > 1 and type(t) == 'table' then
    spend(rawlen(t))
  end
  return insert(t, ...)
end

table.remove = function(t, ...)
  require_small('table.remove', t, 2)
  if select('#', ...) > 0 and type(t) == 'table' then
    spend(rawlen(t))
  end
  return remove(t, ...)
end

table.unpack = function(t, i, j)
  require_small('table.unpack', t, 2)
  return unpack(t, i, j)
end

-- Text, pattern, and the place to begin at, which is nil if C refuses any of them.
local function searched(s, p, init)
  s, p = text(s), text(p)
  if type(s) ~= 'string' or type(p) ~= 'string' then
    return s, p
  end
  return s, p, init == nil and 1 or whole(init)
end

-- A pattern with several repetitions can take a time that grows with a power of the text's length, and the text may be a
-- stranger's. Where that could be long, a matcher of ours counts its steps.
local function heavy(s, p)
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
  local m = java.matches(s, p, init, 0, 1)[1]
  if m then
    m.s = s
  end
  return m
end

-- Plain text can take the product of both lengths; a piece of the text at a time, the hook gets to see it.
local function find_plain(s, p, init)
  if (#s + 0.0) * #p < 1e8 then
    return find(s, p, init, true)
  end
  local step = 1 + 100000000 // #p
  local from = init
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
  local from
  s, p, from = searched(s, p, init)
  if not from then
    return find(s, p, init, plain)
  end
  init = from
  if plain or not find(p, '[%^%$%*%+%?%.%(%[%%%-]') then
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
  local from
  s, p, from = searched(s, p, init)
  if not from or not heavy(s, p) then
    return match(s, p, init)
  end
  local m = first_match(s, p, from)
  if m then
    return captures(m)
  end
  return nil
end

local batch = 500

-- Goes through all matches, some at a time.
local function each(s, p, init, most)
  local list, at = {}, 0
  local from, last, anchored = init, 0, sub(p, 1, 1) == '^'
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
  local from
  s, p, from = searched(s, p, init)
  if not from or not heavy(s, p) then
    return gmatch(s, p, init)
  end
  local following = each(s, sub(p, 1, 1) == '^' and '%' .. p or p, from, huge)
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
    size = size + (type(value) == 'string' and #value or 24)
    if size > limits.text then
      too_large('string.gsub', 3)
    end
    return value
  end
end

string.gsub = function(s, p, by, most)
  local count = most == nil and huge or whole(most)
  s, p, by = text(s), text(p), text(by)
  local simple = type(by) == 'string'
  if type(s) ~= 'string' or type(p) ~= 'string' or not count or not (simple or type(by) == 'table' or type(by) == 'function') then
    return gsub(s, p, by, most)
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
  for m in each(s, p, 1, count) do
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

local function lock(handler)
  locked = true
  running = handler
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

local joined = table.concat

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

sethook(tick, '', limits.interval)

return scripts, { fix = fix, lock = lock, told = told, getmetatable = getmetatable }
