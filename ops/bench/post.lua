-- wrk script: POST of one inference request with a user id that changes; one machine-readable line at the end.
local file = io.open(os.getenv("BENCH_BODY"), "rb")
local body = file:read("*a")
file:close()
local USERS = 256
local requests, at = {}, 0

init = function(args)
  for user = 1, USERS do
    local headers = {["Content-Type"] = "application/json", ["x-user-id"] = "user-" .. user}
    requests[user] = wrk.format("POST", nil, headers, body)
  end
end

request = function()
  at = at % USERS + 1
  return requests[at]
end

done = function(summary, latency, _)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
    e.connect + e.read + e.write + e.timeout, e.status))
end
