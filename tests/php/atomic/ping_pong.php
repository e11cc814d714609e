<?php
// Two processes hand a turn to one another by two atomics, thousands of times; no wakeup is lost.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$ping, $pong] = [new Swoole\Atomic(), new Swoole\Atomic()];
$other = new Sibling(function () use ($ping, $pong) {
    for ($n = 0; $n < 3000; $n++) {
        same(true, $ping->wait(PATIENCE));
        $pong->wakeup();
    }
});
for ($n = 0; $n < 3000; $n++) {
    $ping->wakeup();
    same(true, $pong->wait(PATIENCE), "round $n");
}
$other->result();
