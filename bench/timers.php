<?php
// Adding a timer and clearing it again, beside what a script without timers would keep them in: SplPriorityQueue. Of both
// 100,000 are always there. Prints nanoseconds of CPU time for each round. Arguments: rounds, pairs of calls in a round.
const ALIVE = 100_000;
const SOON = 60_000; // no timer fires while this runs
const SPREAD = 600_000;

[, $rounds, $pairs] = array_map('intval', $argv);
mt_srand(1);
$delays = [];
for ($i = 0; $i < $pairs; $i++) {
    $delays[] = mt_rand(SOON, SOON + SPREAD);
}

// The priority is the time at which something is due, negative since the highest comes first. What is due first is taken out, so the
// time goes on by this much with each pair, and the queue stays as it is: as many, and their times as far from now.
const STEP = (SOON + SPREAD / 2) / ALIVE;
$callback = function () {
    exit("a timer fired\n");
};
$now = 0.0;
$queue = new SplPriorityQueue();
for ($i = 0; $i < ALIVE; $i++) {
    $queue->insert($callback, -mt_rand(0, SOON + SPREAD));
}
for ($i = 0; $i < ALIVE; $i++) {
    swoole_timer_after(mt_rand(SOON, SOON + SPREAD), $callback);
}

$cpu = function () {
    $used = getrusage();
    return ($used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec']) * 1e9 + ($used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec']) * 1e3;
};
$measureQueue = function () use ($queue, $callback, $delays, &$now, $cpu) {
    $priorities = [];
    foreach ($delays as $delay) {
        $priorities[] = -(int) ($now += STEP) - $delay;
    }
    $begun = $cpu();
    foreach ($priorities as $priority) {
        $queue->insert($callback, $priority);
        $queue->extract();
    }
    return ($cpu() - $begun) / count($priorities);
};
$measureTimers = function () use ($callback, $delays, $cpu) {
    $begun = $cpu();
    foreach ($delays as $delay) {
        swoole_timer_clear(swoole_timer_after($delay, $callback));
    }
    return ($cpu() - $begun) / count($delays);
};

for ($i = 0; $i < 2 * ALIVE / $pairs; $i++) {
    $measureQueue(); // until all that was put in at first has been taken out
}
$measureTimers();
$measured = [];
for ($round = 0; $round < $rounds; $round++) {
    // Each is first in every other round.
    $first = $round % 2 ? ['timer' => $measureTimers()] : ['queue' => $measureQueue()];
    $measured[] = $first + ($round % 2 ? ['queue' => $measureQueue()] : ['timer' => $measureTimers()]);
}
if (count($queue) !== ALIVE || swoole_timer_stats()['num'] !== ALIVE) {
    exit("there were not " . ALIVE . " of each all the time\n");
}
swoole_timer_clear_all();
echo json_encode($measured), "\n";
