<?php

namespace Swoole;

/**
 * Rows of typed columns in shared memory, found by a key of up to 64 bytes: for all processes forked after create(). The classic name
 * `swoole_table` is the same class.
 *
 * Each row is read and written as a whole: nobody sees a part of a change, whoever dies. What cannot be done answers false with a warning,
 * and nothing is changed: an unknown column, a value that its column does not hold, too long a key or string, a full table, a table that was not
 * created yet. Values are converted as PHP does without strict_types where nothing is lost; null is 0, 0.0 or "".
 */
class Table implements \Iterator, \ArrayAccess, \Countable
{
    public const TYPE_INT = 1;
    public const TYPE_FLOAT = 2;
    public const TYPE_STRING = 3;

    /** rows it was made for */
    public ?int $size = null;
    /** bytes that these take; known from create() on */
    public ?int $memorySize = null;

    /**
     * @param int $table_size rows; it takes as many, whatever their keys are
     * @param float $conflict_proportion is accepted and has no meaning here: no rows are lost to keys that collide
     * @param int $growable rows that it grows to by itself, in the sight of all processes; 0: it does not grow
     * @throws Exception if there are no such sizes
     */
    public function __construct(int $table_size, float $conflict_proportion = 0.2, int $growable = 0) {}

    /**
     * Adds a column; before create().
     *
     * @param int $type a TYPE_*
     * @param int $size bytes: 1, 2, 4 or 8 of an int (8 by default), the longest string of a string column
     */
    public function column(string $name, int $type, int $size = 0): bool {}

    /** Makes the table; before the processes are forked that are to see it. */
    public function create(): bool {}

    /** Gives it up in this process; the object can no longer be used. */
    public function destroy(): bool {}

    /** Sets columns of a row, which is made if it is missing; columns that are not given keep their value. */
    public function set(string $key, array $value): bool {}

    /** A row, or one column of it; false if there is no such row. */
    public function get(string $key, ?string $field = null): array|string|int|float|false {}

    public function count(): int {}

    /** Deletes a row; false if there is none. */
    public function del(string $key): bool {}

    /** As del(). */
    public function delete(string $key): bool {}

    /** As exist(). */
    public function exists(string $key): bool {}

    public function exist(string $key): bool {}

    /**
     * Adds to a column, which no other process can come between; a row that is missing is made.
     *
     * @param int|float $incrby
     * @return int|float|false the sum
     */
    public function incr(string $key, string $column, int|float $incrby = 1) {}

    /**
     * Subtracts from a column, as incr().
     *
     * @param int|float $incrby
     * @return int|float|false the difference
     */
    public function decr(string $key, string $column, int|float $incrby = 1) {}

    /** rows it takes now, before it grows */
    public function getSize(): int {}

    /** bytes that these rows take */
    public function getMemorySize(): int {}

    /**
     * How full it is: num, capacity, max_capacity, growth_count (rows; how often it has grown), conflict_count, conflict_max_level (rows that
     * share their place in the index; at most), insert_count, update_count, delete_count, refused_count (by all processes),
     * available_slice_num, total_slice_num (rows that still fit; max_capacity).
     */
    public function stats(): array|false {}

    // foreach gives key => row. Others may write meanwhile, and the loop itself may delete rows: each row that is there all the time comes once.
    // An object has one walk: for a loop within a loop over the same table, gather the keys first.

    public function rewind(): void {}

    public function valid(): bool {}

    public function next(): void {}

    public function current(): mixed {}

    public function key(): mixed {}

    public function offsetExists(mixed $offset): bool {}

    /** A Table\Row, through which columns can be set; null if there is no such row. */
    public function offsetGet(mixed $offset): mixed {}

    public function offsetSet(mixed $offset, mixed $value): void {}

    public function offsetUnset(mixed $offset): void {}
}
