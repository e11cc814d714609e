-- A request as a browser's form sends one: ten headers, three fields in the query and three in the body.
wrk.method = "POST"
wrk.path = "/articles?page=2&sort=date&q=epoll+and+rings"
wrk.body = "title=On+rings&text=A+text+of+some+words%2C+urlencoded%21&tags=rust%2Cphp"
wrk.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
wrk.headers["Accept"] = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
wrk.headers["Accept-Language"] = "en-US,en;q=0.5"
wrk.headers["Accept-Encoding"] = "identity"
wrk.headers["Referer"] = "http://127.0.0.1/articles"
wrk.headers["Cache-Control"] = "no-cache"
wrk.headers["X-Request-Id"] = "7f1b9a34-9d52-4be8-8a3b-0f3a1d1f0a11"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.headers["Authorization"] = "Bearer 0123456789abcdef0123456789abcdef"
-- One line of JSON at the end of a wrk run. Latencies in microseconds.
done = function(summary, latency, requests)
    local e = summary.errors
    io.write(string.format(
        'RESULT {"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "max": %d, "errors": %d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
        e.connect + e.read + e.write + e.status + e.timeout))
end
