-- wrk -s load.lua URL -- METHOD: prints "result REQUESTS MICROSECONDS ERRORS" at the end
function init(args)
  wrk.method = args[1]
end

function done(summary)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("\nresult %d %d %d\n", summary.requests, summary.duration, failed))
end
