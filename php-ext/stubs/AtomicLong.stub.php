<?php

namespace Swoole\Atomic;

/** A signed number of 64 bits, as Swoole\Atomic, but without waiting. The classic name `swoole_atomic_long` is the same class. */
class Long
{
    /** @throws \Swoole\Exception if there is no memory */
    public function __construct(int $value = 0) {}

    /** the sum */
    public function add(int $add_value = 1): int {}

    /** the difference */
    public function sub(int $sub_value = 1): int {}

    public function get(): int {}

    public function set(int $value): void {}

    /** Sets it to $new_value if it is $cmp_value; whether it was. */
    public function cmpset(int $cmp_value, int $new_value): bool {}
}
