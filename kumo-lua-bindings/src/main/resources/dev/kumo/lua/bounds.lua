-- Bounds on time and memory: a hook looks at both every so many instructions. Once it has said stop it says so after every
-- instruction, so that a pcall of the script gets no further than the next one.
--
-- java:    functions of Java by name
-- limits:  memory (KiB), text (bytes of one string made by a library function), steps of a pattern, source, the name of these chunks,
--          interval, instructions from one look at the memory to the next; look, looks from one look at the clock to the next
-- kit:     what one chunk makes for those that follow
local java, limits, kit = ...

local error, type = error, type
local sethook, getinfo, getlocal = debug.sethook, debug.getinfo, debug.getlocal
local collectgarbage, running = collectgarbage, coroutine.running
local memory, interval, look = limits.memory, limits.interval, limits.look

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

local function tick()
  if not stopped then
    local held = collectgarbage('count')
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

-- Whoever catches an error looks himself: at the last level of C, whose depth has an end, the hook fails before it has looked.
kit.glance = tick

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
