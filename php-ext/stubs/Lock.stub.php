<?php

namespace Swoole;

/**
 * A lock among the processes forked after it was made. What a process held is free once it has ended, however it did. The classic name
 * `swoole_lock` is the same class.
 *
 * What was not possible answers false and sets $errCode; a mistake of the script (unlocking what it does not hold, locking what it holds
 * already) raises a warning as well. While a method waits, the handlers of signals run.
 */
class Lock
{
    /** one writer or many readers */
    public const RWLOCK = 1;
    /** flock(2) on a file: also among processes that have nothing else in common */
    public const FILELOCK = 2;
    /** one holder, which alone can unlock it */
    public const MUTEX = 3;
    /** one holder; anybody can unlock it */
    public const SEM = 4;
    /** as MUTEX, but who waits keeps trying: for what is held very briefly */
    public const SPINLOCK = 5;

    /** errno of the last refusal */
    public int $errCode = 0;

    /**
     * @param int $type one of the constants
     * @param string $filename the file of a FILELOCK, which is made if it is missing
     * @throws Exception if the type is unknown or the file cannot be opened
     */
    public function __construct(int $type = Lock::MUTEX, string $filename = '') {}

    public function __destruct() {}

    /**
     * @param int $operation LOCK_EX to hold it alone, LOCK_SH to hold it with other readers; with LOCK_NB it is not waited for
     * @param float $timeout seconds; below 0: for ever
     */
    public function lock(int $operation = LOCK_EX, float $timeout = -1.0): bool {}

    /** Takes it alone, and waits for it for at most $timeout seconds. */
    public function lockwait(float $timeout = 1.0): bool {}

    /** Takes it alone if it is free. */
    public function trylock(): bool {}

    /** Takes it together with other readers; a lock that is no RWLOCK or FILELOCK is taken alone. */
    public function lock_read(): bool {}

    /** As lock_read(), if that is possible now. */
    public function trylock_read(): bool {}

    public function unlock(): bool {}

    /** Gives it up in this process; the object can no longer be used. */
    public function destroy(): bool {}
}
