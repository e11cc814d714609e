<?php
// An exception comes out of wait(); the timers that were due with it run at the next wait(), the tick that threw goes on.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$ran = [];
swoole_timer_after(1, function () {
    throw new LogicException('once');
});
swoole_timer_after(1, function () use (&$ran) {
    $ran[] = 'beside';
});
$times = 0;
swoole_timer_tick(2, function ($id) use (&$times) {
    ++$times === 2 && swoole_timer_clear($id);
    throw new LogicException("tick $times");
});
$caught = [];
for ($n = 0; $n < 3; $n++) {
    usleep(5000); // time: all are due
    try {
        loop();
    } catch (LogicException $e) {
        $caught[] = $e->getMessage();
    }
}
loop();
same(['once', 'tick 1', 'tick 2'], $caught);
same(['beside'], $ran);
