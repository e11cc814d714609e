<?php
// send() to a session that is closed, never was, or cannot be: false, with an error number each.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data === 'last') {
            return $server->close($fd);
        }
        $results = [];
        foreach ([(int) $data, 99999999, -1, 0] as $session) {
            $results[] = [@$server->send($session, 'x'), $server->getLastError(), swoole_last_error()];
        }
        $results[] = [@$server->send($fd, ''), null, null];
        note('results', $results);
        $server->send($fd, "done\n");
    });
    $server->on('close', fn ($server, $fd) => note('close', $fd));
});
$srv->allow('/session/i');
$srv->connect()->write('last')->closed();
[$closed] = $srv->await('close');
$srv->connect()->write("$closed")->readTo();
[[$ofClosed, $unknown, $negative, $zero, $empty]] = $srv->await('results');
ok($ofClosed[0] === false && in_array($ofClosed[1], [SWOOLE_ERROR_SESSION_CLOSED, SWOOLE_ERROR_SESSION_NOT_EXIST]), 'closed: ' . json_encode($ofClosed));
ok($unknown[0] === false && in_array($unknown[1], [SWOOLE_ERROR_SESSION_NOT_EXIST, SWOOLE_ERROR_SESSION_INVALID_ID]), 'unknown: ' . json_encode($unknown));
same($unknown[1], $unknown[2], 'swoole_last_error()');
ok($negative[0] === false && in_array($negative[1], [SWOOLE_ERROR_SESSION_INVALID_ID, SWOOLE_ERROR_SESSION_NOT_EXIST]), 'negative: ' . json_encode($negative));
ok($zero[0] === false, 'zero');
same(false, $empty[0], 'an empty message');
$srv->stop();
