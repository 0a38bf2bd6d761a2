-- A whole conversation with `recode dap` through nvim-dap, as a user has it in Neovim without a screen.
--
-- RECODE_NVIM_DAP names a checkout of nvim-dap, RECODE_SETTINGS the settings from the documentation, and
-- RECODE_SESSION the file to record into.
vim.opt.runtimepath:append(os.getenv("RECODE_NVIM_DAP"))
vim.o.swapfile = false
vim.o.autoread = true
dofile(os.getenv("RECODE_SETTINGS"))

local dap = require("dap")
local stops, last = 0, nil
dap.listeners.after.event_stopped["story"] = function(_, body)
  stops, last = stops + 1, body
end

local points
dap.listeners.after.setBreakpoints["story"] = function(_, err, body)
  points = body and body.breakpoints
end

local function wait(what, holds)
  if not vim.wait(120000, holds, 20) then
    error("gave up waiting for " .. what)
  end
end

local function file()
  return vim.fn.fnamemodify(vim.api.nvim_buf_get_name(0), ":t")
end

local function line()
  return vim.api.nvim_win_get_cursor(0)[1]
end

-- Move, and wait until the editor shows the stop.
local function move(how)
  local before = stops
  how()
  wait("a stop", function()
    local session = dap.session()
    return stops > before and session and session.current_frame and session.stopped_thread_id
  end)
  vim.wait(300)
  return last
end

local function at(name, number)
  wait(name .. ":" .. number, function()
    return file() == name and line() == number
  end)
end

local function story()
  local config = vim.deepcopy(dap.configurations.python[1])
  config.session = os.getenv("RECODE_SESSION")
  move(function() dap.run(config) end)
  move(dap.step_into)
  move(dap.step_into)
  at("0.py", 1)

  vim.api.nvim_win_set_cursor(0, { 9, 0 })
  dap.toggle_breakpoint()
  wait("the breakpoint", function() return points end)
  assert(points[1].verified, vim.inspect(points))
  local hit = move(dap.continue)
  assert(hit.reason == "breakpoint", vim.inspect(hit))
  at("0.py", 9)

  move(dap.step_into)
  at("0.8.py", 1)
  local before = stops
  vim.api.nvim_buf_set_lines(0, 0, -1, true, { "run(f'go to {place}')", "run(f'move {obj_ID} to {place}')" })
  vim.cmd("silent write")
  wait("the edit", function() return stops > before end)
  move(dap.step_back)
  local ended
  repeat
    ended = move(dap.continue)
  until ended.reason ~= "breakpoint"
  assert(ended.reason == "end", vim.inspect(ended))

  local answer
  dap.session():request("evaluate", { expression = "assert episode.solved", context = "repl" }, function(err, result)
    answer = { err = err, result = result }
  end)
  wait("the assertion", function() return answer end)
  assert(not answer.err, vim.inspect(answer))
  print("stops: " .. stops .. ", " .. answer.result.result)
  dap.terminate()
  wait("the end", function() return dap.session() == nil end)
end

local done, failure = pcall(story)
if not done then
  print(failure)
  vim.cmd("cquit 1")
end
vim.cmd("qall!")
