<?php
// examples/php/tcp_events.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('tcp_events');
$client = $srv->connect();
$fd = (int) substr($client->readTo(), strlen('hello, you are '));
matches('/^worker \d, process \d+\n$/', $client->write("who\n")->readTo());
same("$fd\n1 open\n", $client->write("list\n")->readTo("open\n"));
same(1, json_decode($client->write("stats\n")->readTo(), true)['connection_num']);
same("you said: x\n", $client->write("x\n")->readTo());
$client->write("reload\n");
$srv->expect('/reload is over/');
$client->write("crash\n");
$srv->expect('/worker \d \(\d+\) died: exit code 3, signal 0/');
$srv->allow('/worker/');
$client->write("bye\n")->closed();
$srv->expect("/connection $fd closed by the server/");
$srv->stop();
contains('master is done', $srv->output());
