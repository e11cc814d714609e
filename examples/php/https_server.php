<?php

// HTTPS, and a port without TLS that sends everybody there.   php https_server.php cert.pem key.pem   then curl -kL http://127.0.0.1:9501/
// After a renewal of the certificate: kill -USR1 of the master. It is read anew, and nobody's connection breaks.

$https = new Swoole\Http\Server('127.0.0.1', (int) (getenv('SWOOLE_TLS_PORT') ?: 9443), SWOOLE_PROCESS, SWOOLE_SOCK_TCP | SWOOLE_SSL);
$https->set([
    'ssl_cert_file' => $argv[1] ?? getenv('SWOOLE_CERT'),
    'ssl_key_file' => $argv[2] ?? getenv('SWOOLE_KEY'),
    'ssl_protocols' => SWOOLE_SSL_TLSv1_2 | SWOOLE_SSL_TLSv1_3,
]);
$https->on('request', function (Swoole\Http\Request $request, Swoole\Http\Response $response) {
    $response->header('Strict-Transport-Security', 'max-age=31536000');
    $response->end("nobody has read {$request->server['request_uri']} on the way\n");
});

$http = $https->listen('127.0.0.1', (int) (getenv('SWOOLE_PORT') ?: 9501), SWOOLE_SOCK_TCP);
$http->set(['open_http_protocol' => true]);
$http->on('request', function (Swoole\Http\Request $request, Swoole\Http\Response $response) use ($https) {
    $query = isset($request->server['query_string']) ? '?' . $request->server['query_string'] : '';
    $response->redirect("https://127.0.0.1:$https->port{$request->server['request_uri']}$query", 308);
});

echo "https://$https->host:$https->port and http://$http->host:$http->port\n";
$https->start();
