<?php

namespace Swoole\Connection;

/** The open connections of a server or of one of its ports. Session ids are the values; $it[$fd] is getClientInfo($fd). */
class Iterator implements \Iterator, \ArrayAccess, \Countable
{
    public function __construct() {}

    public function __destruct() {}

    public function rewind(): void {}

    public function next(): void {}

    /** a session id; null at the end */
    public function current(): mixed {}

    /** number of the step, from 0; null at the end */
    public function key(): mixed {}

    public function valid(): bool {}

    public function count(): int {}

    public function offsetExists(mixed $fd): bool {}

    /** an array as from getClientInfo(); false if there is no such connection */
    public function offsetGet(mixed $fd): mixed {}

    /** The list cannot be changed: raises a warning. */
    public function offsetSet(mixed $fd, mixed $value): void {}

    /** The list cannot be changed: raises a warning. */
    public function offsetUnset(mixed $fd): void {}
}
