<?php
// eof, length and length function of an event-driven client: each receive event is one package, however its bytes come.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$length = fn (string $body) => pack('n', strlen($body)) . $body;
$cases = [
    'eof check' => [['open_eof_split' => true, 'package_eof' => "\r\n"], ["one\r\n", "\r\n", "two\r\n"]],
    'length' => [
        ['open_length_check' => true, 'package_length_type' => 'n', 'package_length_offset' => 0, 'package_body_offset' => 2],
        [$length('one'), $length(''), $length(str_repeat('two', 20))],
    ],
    'function' => [
        ['open_length_check' => true, 'package_length_func' => fn ($data) => ($end = strpos($data, ';')) === false ? 0 : $end + 1],
        ['one;', ';', 'two;'],
    ],
];
foreach ($cases as $case => [$settings, $packages]) {
    $peer = new Peer(function ($connection) use ($packages) {
        drip($connection, implode($packages));
        fwrite($connection, implode($packages) . 'x');
    });
    $got = [];
    $client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
    $client->set($settings);
    $client->on('connect', fn () => null);
    $client->on('error', fn () => throw new Failed('error'));
    $client->on('close', fn () => null);
    $client->on('receive', function ($client, $data) use (&$got) {
        $got[] = $data;
    });
    $client->connect('127.0.0.1', $peer->port, PATIENCE);
    loop();
    same([...$packages, ...$packages], $got, $case);
}
