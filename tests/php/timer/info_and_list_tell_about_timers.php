<?php
// info(), list() and stats() tell what is set; info() of what is not there is null.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$before = swoole_timer_stats();
same(0, $before['num']);
$after = swoole_timer_after(60_000, fn () => null);
$tick = swoole_timer_tick(50, function ($id) use (&$info) {
    $info = swoole_timer_info($id);
    swoole_timer_clear($id);
});
$info = swoole_timer_info($after);
between(59_000, 60_100, $info['exec_msec'], 'milliseconds until it fires');
same([0, 0, false], [$info['interval'], $info['exec_count'], $info['removed']]);
same(50, swoole_timer_info($tick)['interval']);
same([$after, $tick], iterator_to_array(swoole_timer_list(), false));
ok(swoole_timer_list() instanceof Swoole\Timer\Iterator, 'the class of the list');
same([true, 2], [swoole_timer_stats()['initialized'], swoole_timer_stats()['num']]);
same(null, swoole_timer_info(1 << 40));
swoole_timer_clear($after);
loop();
same(1, $info['exec_count']);
$stats = swoole_timer_stats();
same(0, $stats['num']);
ok($stats['round'] > $before['round'], json_encode($stats));
