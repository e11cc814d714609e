<?php
// Swoole\Async::exec(): output and status of a command, without making the loop wait; failing commands too.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$got = [];
$exec = function (string $command) use (&$got) {
    return Swoole\Async::exec($command, function ($output, $status) use ($command, &$got) {
        $got[$command] = [$output, $status['code'] ?? null, $status['signal'] ?? null];
    });
};
$ticks = 0;
$tick = swoole_timer_tick(5, function () use (&$ticks) {
    $ticks++;
});
foreach (['echo hello', 'exit 3', 'printf "a\0b"', 'kill -9 $$', 'no-such-command 2>/dev/null', 'head -c 300000 /dev/zero | tr "\0" x', 'sleep 0.1; echo late'] as $command) {
    ok($exec($command) !== false, $command);
}
swoole_timer_tick(5, function ($id) use (&$got, $tick) {
    if (count($got) === 7) {
        swoole_timer_clear($id);
        swoole_timer_clear($tick);
    }
});
loop();
same(["hello\n", 0, 0], $got['echo hello']);
same(['', 3, 0], $got['exit 3']);
same(["a\0b", 0, 0], $got['printf "a\0b"']);
same(SIGKILL, $got['kill -9 $$'][2]);
same(127, $got['no-such-command 2>/dev/null'][1]);
ok($got['head -c 300000 /dev/zero | tr "\0" x'][0] === str_repeat('x', 300_000), 'long output');
same(["late\n", 0, 0], $got['sleep 0.1; echo late']);
ok($ticks >= 5, "ticks meanwhile: $ticks");
throws(TypeError::class, fn () => Swoole\Async::exec('true', 'no such function'));
