-- Bounds on time and memory: a hook looks at both every so many instructions. Once it has said stop it says so after every
-- instruction, so that a pcall of the script gets no further than the next one.
--
-- java:    functions of Java by name
-- limits:  memory (KiB), text (bytes of one string made by a library function), steps of a pattern, source, the name of these chunks,
--          interval, look and calm (see below)
-- kit:     what one chunk makes for those that follow
local java, limits, kit = ...

local error, type, setmetatable, tointeger = error, type, setmetatable, math.tointeger
local sethook, getinfo, getlocal = debug.sethook, debug.getinfo, debug.getlocal
local collectgarbage, running = collectgarbage, coroutine.running
local memory, interval, look, calm = limits.memory, limits.interval, limits.look, limits.calm

local main = running()
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
local most_joined = 250

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

local function check(held)
  if not stopped then
    ticks = ticks + 1 + held // 1024 -- the more there is, the longer one instruction may take
    if held > memory or held * most_joined > memory and getlocal(2, few) and pile(3) > memory then
      collectgarbage('collect')
      if collectgarbage('count') > memory or pile(3) > memory then
        stop('the script uses more than ' .. memory // 1024 .. ' MiB of memory')
      end
      ticks = look -- a collection takes time
    end
    if ticks >= look and not stopped then
      ticks = 0
      local why = java.overdue()
      if why then
        stop(why)
      end
    end
  end
  if stopped then
    sethook(main, tick, '', 1)
    sethook(tick, '', 1)
    error(stopped, 0)
  end
end

local function tick()
  return check(collectgarbage('count'))
end

-- While little is held, looks may be rare, for Lua's collector tells when that changes: it begins when `pause` percent are held of
-- what was left by it the last time, and each time it ends it finds an object that nobody holds, whose finalizer asks for a look at the
-- next instruction. Until then texts can grow to `top`, less what is held for good. One join may pass unseen, in whose midst a
-- collection ends that has found the object before; so what two of them make, of all that can be loaded from one look to the next, is
-- to be no more than four times the bound. Where finalizers of other objects may have to be waited for, looks are never rare.
local pause = 200
local many = 500
local base, top, step = 0, 0, interval
local collected, deep = true, false

local function rarely(texts)
  local times = memory / texts
  local most = times < 16 and times or 4 * times ^ 0.5
  return most > calm and calm or most > interval and tointeger(most // 1) or interval
end

-- C's depth has an end, 200, which the hook and finalizers may meet before the script does. So looks are not rare where the script is
-- half as deep as it could come to be by the next of them; whoever catches an error looks himself (see `kit.glance`); and the object
-- is made anew if it has been found and none has been told.
local deep_level = 60
local found = {}
local alive = setmetatable({}, { __mode = 'v' })

local function keep_watch()
  if not alive[1] then
    alive[1] = setmetatable({}, found)
  end
end

local function glance()
  local held = collectgarbage('count')
  if not alive[1] then
    collected = true
    keep_watch()
  end
  ticks = ticks + step // interval - 1
  local is_deep = getinfo(main, deep_level, 'l') ~= nil
  if collected or held > top or deep ~= is_deep then
    collected, deep = false, is_deep
    top = held * pause // 100
    step = (deep or java.kept() > many) and interval or rarely(top - base)
    sethook(main, glance, '', step)
  end
  return check(held)
end

function found.__gc()
  collected = true
  sethook(main, glance, '', 1)
  keep_watch()
end

-- From here on what is held may have been made by a script.
function kit.watch()
  collectgarbage('incremental', pause)
  collectgarbage('collect')
  base = collectgarbage('count')
  keep_watch()
  sethook(main, glance, '', 1)
end

-- A look that needs no depth of C: where the hook may have failed for want of it, or a finalizer.
kit.glance = glance

-- Before a script gets to its work.
function kit.begin()
  if not alive[1] then
    glance()
  end
end

-- A coroutine has a hook of its own.
function kit.hook(co)
  sethook(co, tick, '', interval)
end

function kit.require_going()
  if stopped then
    error(stopped, 0)
  end
end

-- C is about to go through so many items in one instruction.
function kit.spend(items)
  ticks = ticks + items // 10000
end

-- What was done took time.
function kit.look()
  ticks = look
end

sethook(tick, '', interval)
