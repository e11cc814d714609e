<?php

namespace Swoole;

/**
 * Timers of this process, by the millisecond. The classic name `swoole_timer` is the same class; each method is a function too
 * (swoole_timer_after() and so on).
 *
 * They run in the process's event loop: in a server's process beside its events; in a script of its own when swoole_event_wait() is called, or by
 * itself when the script has ended. The clock is monotonic: setting the time of day moves no timer.
 */
class Timer
{
    /**
     * Calls $callback(...$params) once, in $ms milliseconds, never before.
     *
     * @param int $ms 1 to 86400000 (a day); else false with a warning
     * @return int|false the timer's number
     */
    public static function after(int $ms, callable $callback, mixed ...$params): int|false {}

    /**
     * Calls $callback($timer_id, ...$params) every $ms milliseconds until it is cleared. Each time is counted from the one before, so the ticks do not
     * drift; times that were missed because something took long are left out.
     *
     * @param int $ms 1 to 86400000 (a day); else false with a warning
     * @return int|false the timer's number
     */
    public static function tick(int $ms, callable $callback, mixed ...$params): int|false {}

    public static function exists(int $timer_id): bool {}

    /** Takes a timer away, also in its own callback. False if there is none of that number in this process. */
    public static function clear(int $timer_id): bool {}

    /** Takes all timers of this process away. Always true. */
    public static function clearAll(): bool {}

    /**
     * What is known of a timer; null if there is none of that number:
     * exec_msec: milliseconds until it fires next; exec_count: how often it has fired; interval: milliseconds between two calls, 0 if it fires
     * once; round: turns of the loop so far; removed: always false.
     */
    public static function info(int $timer_id): ?array {}

    /** The numbers of all timers, in the order in which they were set. */
    public static function list(): Timer\Iterator {}

    /** initialized: whether there are timers; num: how many; round: turns of the loop so far. */
    public static function stats(): array {}

    /** Takes settings for coroutines, and does nothing: this engine has none. */
    public static function set(array $settings): void {}
}
