<?php

// The event-driven HTTP client: a page, a form, a download and a wrong address, all at once.   php http_client.php 127.0.0.1 9501
// With a server as http_server.php there.

[, $host, $port] = $argv + [1 => '127.0.0.1', 2 => 9501];
$client = new swoole_http_client($host, (int) $port);
$client->set(['timeout' => 5]);
$client->setHeaders(['User-Agent' => 'http_client.php', 'Accept' => 'text/html']);

// Requests of one client are done one after another over one connection; cookies are kept.
$client->get('/?name=you', function (swoole_http_client $client) {
    echo "GET: $client->statusCode, {$client->headers['content-type']}, ", strlen($client->body), " bytes, cookies ", json_encode($client->cookies), "\n";
});
$client->post('/', ['colour' => 'blue', 'sizes' => [1, 2]], function (swoole_http_client $client) {
    echo "POST: $client->statusCode: ", trim($client->body), "\n";
});
$client->download('/', $file = tempnam(sys_get_temp_dir(), 'page'), function (swoole_http_client $client) use ($file) {
    echo "download: $client->statusCode, ", filesize($file), " bytes\n";
    unlink($file);
    $client->close();
});

$nobody = new swoole_http_client($host, 1);
$nobody->get('/', function (swoole_http_client $client) {
    echo $client->statusCode === -1 ? "no connection: $client->errMsg\n" : "somebody is there\n";
});
