<?php
// This project's HTTP and WebSocket servers, driven from PHP. Arguments: port, BASE or PROCESS, what to serve (hello, fields, files, websocket),
// then for `files` the directory, and for TLS the files of certificate and key.
[, $port, $mode, $what] = $argv;
[$directory, $certificate, $key] = array_slice($argv, 4) + ['', '', ''];

$class = $what === 'websocket' ? Swoole\WebSocket\Server::class : Swoole\Http\Server::class;
$tls = $certificate !== '' ? SWOOLE_SSL : 0;
$server = new $class('127.0.0.1', (int) $port, $mode === 'BASE' ? SWOOLE_BASE : SWOOLE_PROCESS, SWOOLE_SOCK_TCP | $tls);
$server->set(['worker_num' => 1, 'reactor_num' => 1, 'log_level' => SWOOLE_LOG_WARNING]);
if ($tls) {
    $server->set(['ssl_cert_file' => $certificate, 'ssl_key_file' => $key]);
}
switch ($what) {
    case 'hello':
        $server->on('request', function ($request, $response) {
            $response->end('Hello, World!');
        });
        break;
    case 'fields':
        $server->on('request', function ($request, $response) {
            $length = 0;
            foreach (['host', 'user-agent', 'accept', 'accept-language', 'accept-encoding', 'referer', 'cache-control', 'x-request-id', 'content-type', 'authorization'] as $name) {
                $length += strlen($request->header[$name]);
            }
            $length += strlen($request->get['page']) + strlen($request->get['sort']) + strlen($request->get['q']);
            $length += strlen($request->post['title']) + strlen($request->post['text']) + strlen($request->post['tags']);
            $response->cookie('session', 'b1946ac92492d2347c6235b4d2611184', 0, '/', '', true, true);
            $response->cookie('seen', (string) $length);
            $response->end('Hello, World!');
        });
        break;
    case 'files':
        $server->set(['enable_static_handler' => true, 'document_root' => $directory]);
        $server->on('request', function ($request, $response) {
            $response->status(404);
            $response->end();
        });
        break;
    case 'websocket':
        $server->on('message', function ($server, $frame) {
            $server->push($frame->fd, $frame->data);
        });
        break;
}
exit($server->start() ? 0 : 1);
