<?php
// A kept connection that the server has closed is made anew; one that only waits does not keep the script.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/http_servers.php';

$peer = scripted([answerOf(200, 'a')], [answerOf(200, 'b', 'Connection: close')], [answerOf(200, 'c'), ''], [answerOf(200, 'd'), answerOf(200, 'e'), 'never']);
$client = new Swoole\Http\Client('127.0.0.1', $peer->port);
$closed = 0;
$client->on('close', function () use (&$closed) {
    $closed++;
});
$ask = fn () => outcome($client, fn ($client, $done) => $client->get('/', $done))[1];
same('a', $ask());
eventually(fn () => $peer->port && !str_contains(shell_exec("ss -Htn state established '( dport = :$peer->port )'") ?? '', ':'), 'the server has closed');
same('b', $ask());
same(['c', 'd'], [$ask(), $ask()], 'the one that met the end is sent again');
same('e', $ask());
same(3, $closed);
$peer = scripted([answerOf(200, 'x'), 'never']);
$code = '$client = new Swoole\Http\Client("127.0.0.1", ' . $peer->port . ');
    $client->get("/", fn ($client) => print $client->body);';
same([0, 'x'], script($code), 'it ends though its connection is there');
same(['keep_alive' => false], (function () {
    $peer = scripted([answerOf(200)], [answerOf(200)]);
    $client = new Swoole\Http\Client('127.0.0.1', $peer->port);
    $client->set(['keep_alive' => false]);
    outcome($client, fn ($client, $done) => $client->get('/', $done));
    outcome($client, fn ($client, $done) => $client->get('/', $done));
    same(['close', 'close'], array_map(fn ($request) => $request[1]['connection'], requests()));
    return $client->setting;
})());
