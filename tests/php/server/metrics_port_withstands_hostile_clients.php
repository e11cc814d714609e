<?php
// Slow clients, garbage and a hundred connections at metrics_port disturb neither the server nor another scraper.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['metrics_port' => 0]);
    echoes($server);
});
$healthy = function (string $after) use ($srv) {
    ok(isset($srv->figures()['swoole_connections']), "metrics after $after");
    same('hello', $srv->connect()->ask('hello'), "echo after $after");
};
$crowd = [];
for ($i = 0; $i < 100; $i++) {
    $crowd[] = $srv->scraper();
}
$healthy('a hundred silent connections');
foreach ($crowd as $client) {
    $client->tryWrite("GET /met");
}
$healthy('a hundred halves of a request');
contains('HTTP/1.1 400 ', $srv->scraper()->write("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")->rest());
contains('HTTP/1.1 431 ', $srv->scraper()->write('GET /' . str_repeat('a', 8300))->rest());
contains('HTTP/1.1 405 ', $srv->scraper()->write("POST /metrics HTTP/1.1\r\nContent-Length: 50000\r\n\r\n" . str_repeat('x', 50000))->rest());
for ($i = 0; $i < 50; $i++) {
    $srv->scraper()->write("GET /metrics HTTP/1.1\r\n\r\n")->reset();
    $srv->scraper()->write(random_bytes(random_int(1, 2000)))->reset();
}
$healthy('garbage and resets');
$slow = $srv->scraper()->write('GET');
$begin = microtime(true);
$slow->closed();
between(4.5, 8.0, microtime(true) - $begin, 'seconds a client may take for its request');
$srv->stop();
