-- wrk script: POST of one inference request with a user id that changes; one machine-readable line at the end.
-- BENCH_VARIED=N sends N different bodies in turn, whose first number differs.
local file = io.open(os.getenv("BENCH_BODY"), "rb")
local body = file:read("*a")
file:close()
local USERS = 256
local VARIED = tonumber(os.getenv("BENCH_VARIED") or "0")
local COUNT = math.max(USERS, VARIED)
local requests, at = {}, 0

init = function(args)
  for i = 1, COUNT do
    local headers = {["Content-Type"] = "application/json", ["x-user-id"] = "user-" .. (i - 1) % USERS + 1}
    local own = VARIED > 0 and body:gsub('"data":%[[^,]+', string.format('"data":[0.%06d', i), 1) or body
    requests[i] = wrk.format("POST", nil, headers, own)
  end
end

request = function()
  at = at % COUNT + 1
  return requests[at]
end

done = function(summary, latency, _)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
    e.connect + e.read + e.write + e.timeout, e.status))
end
