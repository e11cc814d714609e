<?php
declare(strict_types=1);

/** A table with those columns: name => 'int', 'int1', 'int2', 'int4', 'int8', 'float', or the length of a string. */
function table(int $rows, array $columns, int $growable = 0): Swoole\Table
{
    $table = new Swoole\Table($rows, 0.2, $growable);
    foreach ($columns as $name => $kind) {
        match (true) {
            is_int($kind) => $table->column($name, Swoole\Table::TYPE_STRING, $kind),
            $kind === 'float' => $table->column($name, Swoole\Table::TYPE_FLOAT),
            default => $table->column($name, Swoole\Table::TYPE_INT, (int) substr($kind, 3)),
        };
    }
    same(true, $table->create(), 'create()');
    return $table;
}

/** `action` must be false with one warning that has all `parts` in it, and change nothing in the table. */
function refusedBy(?Swoole\Table $table, callable $action, string ...$parts): void
{
    $before = $table ? iterator_to_array($table) : [];
    [$answer, $warnings] = warnings($action);
    same(false, $answer, implode(', ', $parts));
    same(1, count($warnings), 'warnings: ' . implode("\n", $warnings));
    foreach ($parts as $part) {
        contains($part, $warnings[0]);
    }
    same($before, $table ? iterator_to_array($table) : [], 'rows');
}

/** The kinds of locks that know one holder at a time, by name; the file of a file lock is of this test. */
function exclusiveLocks(): array
{
    return [
        'mutex' => new Swoole\Lock(SWOOLE_MUTEX),
        'rwlock' => new Swoole\Lock(SWOOLE_RWLOCK),
        'spinlock' => new Swoole\Lock(SWOOLE_SPINLOCK),
        'semaphore' => new Swoole\Lock(SWOOLE_SEM),
        'file lock' => new Swoole\Lock(SWOOLE_FILELOCK, tmp('lock')),
    ];
}
