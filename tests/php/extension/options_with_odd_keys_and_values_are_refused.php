<?php
// set() with keys that are not UTF-8, nested and endless arrays, references and objects: warned of, nothing worse.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$server = new Swoole\Server('127.0.0.1');
[$taken, $messages] = warnings(fn () => $server->set(["\xff\x00" => 1, 7 => 1, '' => 1]));
same([true, 3], [$taken, count($messages)]);
same(["\xff\x00", 7, ''], array_keys($server->setting));

$endless = [];
$endless['open_cpu_affinity'] = &$endless;
[$taken, $messages] = warnings(fn () => $server->set($endless));
same(false, $taken);
contains('open_cpu_affinity', $messages[0]);
foreach ([new stdClass(), fopen('php://memory', 'r'), [[1]], ["\xff" => []]] as $odd) {
    [$taken, $messages] = warnings(fn () => $server->set(['worker_num' => $odd]));
    same([false, 1], [$taken, count($messages)]);
}

$number = 3;
$settings = ['reactor_num' => &$number];
ok($server->set($settings), 'a reference is followed');
$number = 4;
same(3, $server->setting['reactor_num'], 'what was given then');
