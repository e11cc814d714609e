<?php
// A port of HTTP offers http/1.1 (ALPN) and curl gets its answer over TLS, also many over one connection.
require __DIR__ . '/../../support/php/bootstrap.php';

$authority = new Authority();
$files = $authority->issue();
$srv = serve(function (Swoole\Http\Server $server) use ($files) {
    $server->set($files);
    $server->on('request', fn ($request, $response) => $response->end(str_repeat($request->server['request_uri'], 1000)));
}, type: SWOOLE_SOCK_TCP | SWOOLE_SSL, class: Swoole\Http\Server::class);
$url = "https://localhost:{$srv->port}";
$curl = ['curl', '-sS', '--cacert', $authority->file, '--resolve', "localhost:{$srv->port}:127.0.0.1", '-w', '%{http_version} %{num_connects}\n', '-o', '/dev/null'];
[$code, $printed] = command([...$curl, "$url/a", '-o', '/dev/null', "$url/b", '-o', '/dev/null', "$url/c"]);
same([0, "1.1 1\n1.1 0\n1.1 0\n"], [$code, $printed]);
[, $printed] = command(['openssl', 's_client', '-connect', "127.0.0.1:{$srv->port}", '-alpn', 'h2,http/1.1']);
contains('ALPN protocol: http/1.1', $printed);
[, $printed] = command(['openssl', 's_client', '-connect', "127.0.0.1:{$srv->port}", '-alpn', 'h2']);
contains('no application protocol', $printed);
$srv->stop();
