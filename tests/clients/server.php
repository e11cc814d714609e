<?php
// The server of tests/clients/run.py: HTTP and WebSocket on one port, the same over TLS on the next.
//   php server.php PORT TLS_PORT MODE(PROCESS|BASE) DIRECTORY    with cert.pem, key.pem, static/ and uploads/ in it
[, $port, $tlsPort, $mode, $directory] = $argv;
$server = new Swoole\WebSocket\Server('127.0.0.1', (int) $port, $mode === 'BASE' ? SWOOLE_BASE : SWOOLE_PROCESS);
$tls = $server->listen('127.0.0.1', (int) $tlsPort, SWOOLE_SOCK_TCP | SWOOLE_SSL);
$settings = [
    'worker_num' => 2, 'log_level' => SWOOLE_LOG_WARNING, 'package_max_length' => 8 << 20,
    'open_http_protocol' => true, 'open_websocket_protocol' => true,
    'websocket_compression' => true, 'websocket_subprotocol' => 'chat',
    'enable_static_handler' => true, 'document_root' => $directory, 'static_handler_locations' => ['/static'],
    'upload_tmp_dir' => "$directory/uploads", 'upload_max_filesize' => 4 << 30,
];
$server->set($settings);
$tls->set([
    'open_http_protocol' => true, 'open_websocket_protocol' => true, 'websocket_compression' => true, 'package_max_length' => 8 << 20,
    'ssl_cert_file' => "$directory/cert.pem", 'ssl_key_file' => "$directory/key.pem",
]);

$server->on('request', function ($request, $response) {
    switch ($request->server['request_uri']) {
        case '/hello':
            return $response->end("Hello World\n");
        case '/echo': // what came, without keeping it
            $body = $request->rawContent();
            return $response->end(json_encode([$request->getMethod(), strlen($body), md5($body), $request->get]));
        case '/form':
            $files = array_map(fn ($file) => [$file['name'], $file['size'], md5_file($file['tmp_name'])], $request->files ?? []);
            return $response->end(json_encode(['post' => $request->post, 'files' => $files]));
        case '/upload':
            return $response->end(json_encode(array_map(fn ($file) => $file['size'], $request->files ?? [])));
        case '/text':
            $response->header('Content-Type', 'text/plain');
            return $response->end(str_repeat("All work and no play makes Jack a dull boy.\n", 5000));
        case '/parts':
            foreach (['one ', 'two ', 'three'] as $part) {
                $response->write($part);
            }
            return $response->end();
        case '/cookie':
            $response->cookie('seen', (string) (($request->cookie['seen'] ?? 0) + 1));
            return $response->end($request->cookie['seen'] ?? 'never');
        case '/elsewhere':
            return $response->redirect('/hello');
        case '/nap':
            usleep(50_000); // time: a handler that takes some
            return $response->end("Hello World\n");
    }
    $response->status(404);
    $response->end("no such page\n");
});
$server->on('message', fn ($server, $frame) => $server->push($frame->fd, $frame->data, $frame->opcode, SWOOLE_WEBSOCKET_FLAG_FIN | SWOOLE_WEBSOCKET_FLAG_COMPRESS));
$server->start();
