<?php
// getClientList() and connection_list(): pages behind a session, at most 100, false behind the last.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd) {
        $pages = [];
        for ($last = 0; ($page = $server->getClientList($last, 7)) !== false; $last = end($page)) {
            $pages[] = $page;
        }
        note('pages', $pages, $server->connection_list(), $server->getClientList(0, 100), @$server->getClientList(0, 101));
        $server->send($fd, "ok\n");
    });
    $server->on('connect', fn ($server, $fd) => note('connect', $fd));
});
$srv->allow('/count|100/');
$clients = $srv->connectMany(20);
$srv->await('connect', 20);
$clients[0]->write('?')->readTo();
[$pages, $default, $hundred, $tooMany] = $srv->await('pages');
same([7, 7, 6], array_map(count(...), $pages));
$all = array_merge(...$pages);
$wanted = array_column($srv->notes('connect'), 0);
sort($wanted);
$sorted = $all;
sort($sorted);
same($wanted, $sorted);
same(array_slice($all, 0, 10), $default);
same($all, $hundred);
ok($tooMany === false || $tooMany === $all, 'a count above 100 is refused or taken for 100');
$srv->stop();
