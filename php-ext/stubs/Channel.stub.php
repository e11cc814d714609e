<?php

namespace Swoole;

/**
 * A bounded queue of values in shared memory, which any process forked after it was made pushes to and pops from. Nobody waits. The classic
 * name `swoole_channel` is the same class.
 */
class Channel
{
    /**
     * @param int $size the bytes that it holds; a value takes a few more than its own
     * @throws Exception if there is no such size or no memory
     */
    public function __construct(int $size) {}

    public function __destruct() {}

    /**
     * A string travels as it is, anything else as serialize() writes it.
     *
     * @return bool false: there is no room now; with a warning: it would never fit
     */
    public function push(mixed $data): bool {}

    /** The oldest value; false if there is none. */
    public function pop(): mixed {}

    /** @return array{queue_num: int, queue_bytes: int} how many values are in it, and their bytes */
    public function stats(): array {}
}
