<?php
// The server of tests/http/run.py: it answers what it was asked, so that a request that was smuggled in would be seen.
//   php server.php PORT MODE(PROCESS|BASE)
$server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], $argv[2] === 'BASE' ? SWOOLE_BASE : SWOOLE_PROCESS);
$server->set(['worker_num' => 1, 'reactor_num' => 1, 'package_max_length' => 65536, 'http_compression' => false, 'log_level' => SWOOLE_LOG_NONE]);
$server->on('request', function ($request, $response) {
    $path = $request->server['request_uri'];
    $said = [$request->server['request_method'], $path, strlen($request->rawContent()), $request->rawContent()];
    if ($path === '/head') {
        foreach ($request->header as $name => $value) {
            $said[] = "$name=" . (is_array($value) ? implode('|', $value) : $value);
        }
    }
    if ($path === '/parts') {
        $response->write('a');
        $response->write('bc');
        return $response->end();
    }
    if ($path === '/split') {
        @$response->header('X-Split', "a\r\nSet-Cookie: b=c");
        @$response->header("X-Name\r\nX-Other", 'd');
        @$response->redirect("/e\r\nX-Split: f");
    }
    if ($path === '/204') {
        $response->status(204);
        return $response->end();
    }
    $response->end(implode(' ', $said));
});
$server->start();
