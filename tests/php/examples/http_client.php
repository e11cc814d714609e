<?php
// examples/php/http_client.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('http_server');
[$code, $said] = example('http_client', ['127.0.0.1', $srv->port]);
same(0, $code, $said);
foreach (["GET: 200, text/html; charset=utf-8, 23 bytes, cookies {\"visits\":\"1\"}\n", "POST: 200: <h1>Hello Swoole. #2</h1>\n", "download: 200, 26 bytes\n"] as $line) {
    contains($line, $said);
}
matches('/^no connection: .*refused/mi', $said);
same(4, substr_count($said, "\n"), 'lines');
$srv->stop();
contains('string(4) "blue"', $srv->output());
