<?php

namespace Swoole;

/**
 * An unsigned number of 32 bits that processes count together: those forked after it was made. Sums wrap around. The classic name
 * `swoole_atomic` is the same class.
 */
class Atomic
{
    /** @throws Exception if there is no memory */
    public function __construct(int $value = 0) {}

    /** the sum */
    public function add(int $add_value = 1): int {}

    /** the difference */
    public function sub(int $sub_value = 1): int {}

    public function get(): int {}

    public function set(int $value): void {}

    /** Sets it to $new_value if it is $cmp_value; whether it was. */
    public function cmpset(int $cmp_value, int $new_value): bool {}

    /**
     * Waits until it is 1 and makes it 0, so a wakeup() that came first is not lost. Signal handlers run meanwhile.
     *
     * @param float $timeout seconds; below 0: for ever
     * @return bool false: the time is over
     */
    public function wait(float $timeout = 1.0): bool {}

    /** Makes it 1 if it is 0, and wakes up to $count processes that wait, of which one takes it. */
    public function wakeup(int $count = 1): bool {}
}
