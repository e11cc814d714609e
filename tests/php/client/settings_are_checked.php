<?php
// set(): unknown keys warn, wrong values are refused with what is allowed; what was set before stays.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$client = new Swoole\Client(SWOOLE_SOCK_TCP);
[$result, $messages] = warnings(fn () => $client->set(['no_such_option' => 1]));
same(1, count($messages));
contains('no_such_option', $messages[0]);
[$result, $messages] = warnings(fn () => $client->set(['package_length_type' => 'Q', 'open_length_check' => true]));
ok(count($messages) >= 1 && str_contains($messages[0], 'package_length_type'), json_encode($messages));
throws(TypeError::class, fn () => $client->set('open_eof_check'));
