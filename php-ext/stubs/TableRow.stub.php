<?php

namespace Swoole\Table;

/** A row, as it was when $table[$key] gave it. Setting a column sets it in the table too. The classic name `swoole_table_row` is the same class. */
class Row implements \ArrayAccess
{
    public ?string $key = null;
    /** column => value */
    public ?array $value = null;

    public function offsetExists(mixed $offset): bool {}

    public function offsetGet(mixed $offset): mixed {}

    /** Sets the column in the table, and reads the row again. */
    public function offsetSet(mixed $offset, mixed $value): void {}

    /** A column cannot be taken out: raises a warning. */
    public function offsetUnset(mixed $offset): void {}

    public function __destruct() {}
}
