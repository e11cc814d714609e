<?php
// socket_buffer_size: to a client that does not read, send() turns false with SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW; what was accepted arrives.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['socket_buffer_size' => 1 << 20, 'worker_num' => 1]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data === 'other') {
            return $server->send($fd, 'fine');
        }
        for ($n = 0, $tries = 0; $tries < 100000 && @$server->send($fd, str_repeat(chr(97 + $n % 26), 50000)); $n++, $tries++) {
        }
        note('accepted', $n, $server->getLastError());
    });
});
$srv->allow('/buffer/i');
$client = $srv->connect()->write('go');
[$accepted, $error] = $srv->await('accepted');
same(SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW, $error);
ok($accepted > 0 && $accepted < 2000, "messages accepted: $accepted");
same('fine', $srv->connect()->ask('other', 4));
$wanted = '';
for ($n = 0; $n < $accepted; $n++) {
    $wanted .= str_repeat(chr(97 + $n % 26), 50000);
}
same(md5($wanted), md5($client->read(strlen($wanted))));
$client->silent(0.1);
$srv->stop();
