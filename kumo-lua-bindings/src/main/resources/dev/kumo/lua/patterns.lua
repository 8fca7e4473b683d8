-- Patterns: what could take long is matched in Java, where steps are counted, and what could grow large is joined here.
local java, limits, kit = ...

local error, type, tostring, tonumber = error, type, tostring, tonumber
local sub, find, match, gmatch, gsub = string.sub, string.find, string.match, string.gmatch, string.gsub
local concat, unpack = table.concat, table.unpack
local huge = math.huge
local too_large, text, whole = kit.too_large, kit.text, kit.whole

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
