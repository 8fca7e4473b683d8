-- Errors tell the line of the script, not ours, in whatever they are caught.
local _, limits, kit = ...

-- Errors of C name the function as it is called here; so it is in all these chunks.
local error, type, select, xpcall = error, type, select, xpcall
local getinfo = debug.getinfo
local sub, find, gsub = string.sub, string.find, string.gsub
local packed, unpack = table.pack, table.unpack
local create, resume, close, status = coroutine.create, coroutine.resume, coroutine.close, coroutine.status
local hook, require_going, glance = kit.hook, kit.require_going, kit.glance

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

-- What was caught may have been the end of the hook, not of what the script did.
local function outcome(ok, ...)
  if not ok then
    glance()
  end
  return ok, ...
end

local function pcall(f, ...)
  return outcome(xpcall(f, caught, ...))
end

local scripts = {} -- the globals of scripts
kit.scripts = scripts

scripts.pcall = function(...)
  if select('#', ...) == 0 then
    error("bad argument #1 to 'pcall' (value expected)", 2)
  end
  return pcall(...)
end

coroutine.create = function(f)
  local co = create(f)
  hook(co)
  return co
end

-- Those that may have ended by the failure of their hook, which leaves them without any.
local unhooked = setmetatable({}, { __mode = 'k' })

local function failure(co, e)
  if type(e) == 'string' and status(co) == 'dead'
      and (find(e, 'stack overflow', 1, true) or find(e, 'error in error handling', 1, true) or find(e, 'not enough memory', 1, true)) then
    unhooked[co] = true
  end
  return located(e, co)
end

-- What a coroutine has done is as deep in C as who resumed it, and one level more.
local function resumed(co, ok, ...)
  glance()
  if ok then
    return ok, ...
  end
  return ok, failure(co, (...))
end

coroutine.resume = function(co, ...)
  return resumed(co, resume(co, ...))
end

coroutine.wrap = function(f)
  local co = coroutine.create(f)
  local function answer(ok, ...)
    glance()
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

local function closed(...)
  glance()
  return ...
end

-- What runs to close a coroutine that the hook has ended, or that has ended the hook, runs without a hook.
coroutine.close = function(co)
  require_going()
  if unhooked[co] then
    return false, 'stack overflow'
  end
  return closed(close(co))
end

-- Nor is there one in a message handler that is called for the hook's error, so it is called when that has been caught.
scripts.xpcall = function(f, handler, ...)
  local results = packed(pcall(f, ...))
  if results[1] then
    return unpack(results, 1, results.n)
  end
  return false, handler(results[2])
end

-- What Java calls for an event, whose errors may have to tell where its handler is.
function kit.handling(handler)
  return function(_, ...)
    running = handler
    return handler(...)
  end
end

function kit.handling_each(handlers)
  return function(first, ...)
    for i = 1, #handlers do
      running = handlers[i]
      local result = running(...)
      if first and result ~= nil then
        return result
      end
    end
  end
end

kit.told = told
