<?php
// wait() is false when its time is over, after a second if none was given; a pcntl handler runs meanwhile, and may end it by throwing.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$atomic = new Swoole\Atomic();
foreach ([0.05, 0] as $timeout) {
    $begin = hrtime(true);
    same([false, []], warnings(fn () => $atomic->wait($timeout)));
    between($timeout * 0.9e9, 5e9, hrtime(true) - $begin, 'nanoseconds');
}
$begin = hrtime(true);
same(false, $atomic->wait());
between(0.95e9, 6e9, hrtime(true) - $begin, 'nanoseconds of a wait() without a time');
$handled = 0;
$parent = getmypid();
pcntl_signal(SIGUSR1, function () use (&$handled, &$other) {
    $handled++;
    $other->say('handled');
});
pcntl_signal(SIGUSR2, fn () => throw new DomainException('from the handler'));
$other = new Sibling(function (Sibling $test) use ($atomic, $parent) {
    awaitAsleep($parent);
    posix_kill($parent, SIGUSR1);
    same('handled', $test->hear());
    $atomic->wakeup();
});
same(true, $atomic->wait(-1));
$other->result();
same(1, $handled);
$other = new Sibling(function () use ($parent) {
    awaitAsleep($parent);
    posix_kill($parent, SIGUSR2);
});
same('from the handler', throws(DomainException::class, fn () => $atomic->wait(-1))->getMessage());
$other->result();
