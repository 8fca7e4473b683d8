-- What C does in one instruction, and so out of the hook's reach, has its bound here.
local _, limits, kit = ...

local error, type, tostring, tonumber, rawget, rawlen, select = error, type, tostring, tonumber, rawget, rawlen, select
local getmetatable = debug.getmetatable -- the other one says what a __metatable tells it to
local gmatch, rep, format, pack = string.gmatch, string.rep, string.format, string.pack
local concat, packed, unpack, move, sort, insert, remove =
  table.concat, table.pack, table.unpack, table.move, table.sort, table.insert, table.remove
local tointeger = math.tointeger
local spend = kit.spend

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

kit.too_large, kit.text, kit.whole = too_large, text, whole
