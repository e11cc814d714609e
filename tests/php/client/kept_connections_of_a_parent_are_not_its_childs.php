<?php
// A forked process makes a connection of its own instead of sharing one that its parent kept.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(function ($connection) {
    while (fgets($connection) !== false) {
        fwrite($connection, getmypid() . "\n");
    }
});
[$code, $output] = script('
    function ask() {
        $client = new swoole_client(SWOOLE_SOCK_TCP | SWOOLE_KEEP);
        $client->connect("127.0.0.1", ' . $peer->port . ', 10);
        $client->send("who\n");
        $who = $client->recv();
        $client->close();
        return [$who, $client->reuse];
    }
    [$parent] = ask();
    if (pcntl_fork() === 0) {
        [$child, $reuse] = ask();
        var_dump($child === $parent, $reuse);
        exit;
    }
    pcntl_wait($status);
    [$again, $reuse] = ask();
    var_dump($again === $parent, $reuse);
    ');
same([0, "bool(false)\nbool(false)\nbool(true)\nbool(true)\n"], [$code, $output]);
