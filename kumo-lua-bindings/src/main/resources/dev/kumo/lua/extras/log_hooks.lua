-- policy-extras.log_hooks: sends records of the log to a web server. Run with the functions of Java, and the module kumo.
local java, kumo = ...

local hooks = {}

-- What the queue of a hook is called with KumoMTA, and a webhook here.
local of_queue = {
  retry_interval = 'retry_interval',
  max_retry_interval = 'max_retry_interval',
  max_age = 'max_retry_time',
}

function hooks:new_json(options)
  local hook = { retry_interval = '1m', max_retry_interval = '20m' }
  for key, value in pairs(options) do
    if key ~= 'log_parameters' and key ~= 'queue_config' then
      hook[key] = value
    end
  end
  for key, value in pairs(options.log_parameters or {}) do
    hook[key] = value
  end
  for key, value in pairs(options.queue_config or {}) do
    local ours = of_queue[key]
    if not ours then
      error("log_hooks:new_json: the queue_config of a hook has retry_interval, max_retry_interval and max_age here, not '"
        .. tostring(key) .. "'", 2)
    end
    hook[ours] = value
  end
  java.check_log_hook(hook)
  kumo.on('pre_init', function()
    kumo.configure_log_hook(hook)
  end)
end

function hooks:new()
  error('log_hooks:new is not supported here: it makes connections in Lua; log_hooks:new_json sends records to a url', 2)
end

function hooks:new_disposition_hook()
  error('log_hooks:new_disposition_hook is not supported here: an MtaObserver in Java hears each record at once', 2)
end

return hooks
