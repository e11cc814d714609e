<?php

namespace Swoole;

/**
 * Bytes that grow at the end and are given up at the front: for taking a stream apart. The classic name `swoole_buffer` is the same class.
 *
 * What lies out of bounds is false with a warning. An offset below 0 counts from the end.
 */
class Buffer
{
    /** room in bytes, that of removed ones included */
    public int $capacity = 0;
    /** bytes in it */
    public int $length = 0;

    /** @throws Exception if there is no such size or no memory */
    public function __construct(int $size = 128) {}

    public function __destruct() {}

    public function __toString(): string {}

    /**
     * @param int $length bytes; -1: all from $offset on
     * @param bool $seek removes them: possible from offset 0 only
     */
    public function substr(int $offset, int $length = -1, bool $seek = false): string|false {}

    /** Writes over what is there, growing as needed; the new length. */
    public function write(int $offset, string $data): int|false {}

    /** @param int $length bytes; -1: all from $offset on */
    public function read(int $offset, int $length): string|false {}

    /** Adds at the end; the new length. */
    public function append(string $data): int|false {}

    /** Makes room for $size bytes in all, which must be more than now; the new capacity. */
    public function expand(int $size): int|false {}

    /** Makes the room of removed bytes usable again. */
    public function recycle(): void {}

    /** Removes everything. */
    public function clear(): void {}
}
