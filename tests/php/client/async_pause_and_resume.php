<?php
// pause() and its old name: no receive until resume(), and then nothing is lost.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([['sleep', 'wakeup'], ['pause', 'resume']] as [$pause, $resume]) {
    $peer = new Peer(function ($connection) {
        for ($n = 0; $n < 50; $n++) {
            fwrite($connection, "$n,");
            usleep(500); // time: so that data comes while it is paused
        }
    });
    $got = '';
    $paused = false;
    $client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
    $client->on('connect', fn () => null);
    $client->on('receive', function ($client, $data) use (&$got, &$paused, $pause, $resume) {
        same(false, $paused, 'a receive event while it is paused');
        $first = $got === '';
        $got .= $data;
        if ($first) {
            $client->$pause();
            $paused = true;
            swoole_timer_after(40, function () use ($client, &$paused, $resume) {
                $paused = false;
                $client->$resume();
            });
        }
    });
    $client->on('error', fn () => throw new Failed('error'));
    $client->on('close', function () use (&$paused) {
        same(false, $paused, 'the end is not told before what was paused');
    });
    $client->connect('127.0.0.1', $peer->port, PATIENCE);
    loop();
    same(implode(',', range(0, 49)) . ',', $got);
}
