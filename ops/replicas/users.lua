-- wrk script: POST of one request, each of the next of USERS users (0: a new one each time); one machine-readable line at the end.
local file = io.open(os.getenv("FLEET_BODY"), "rb")
local body = file:read("*a")
file:close()
local users, at = tonumber(os.getenv("USERS")), 0

request = function()
  at = at + 1
  local user = users > 0 and at % users or at
  return wrk.format("POST", nil, {["Content-Type"] = "application/json", ["x-user-id"] = "user-" .. user}, body)
end

done = function(summary, latency, _)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.timeout + e.status))
end
