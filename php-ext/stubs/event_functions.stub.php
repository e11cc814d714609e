<?php

/** As Swoole\Event::add(). */
function swoole_event_add(mixed $fd, ?callable $read_callback = null, ?callable $write_callback = null, int $events = SWOOLE_EVENT_READ): int|false {}

/** As Swoole\Event::set(). */
function swoole_event_set(mixed $fd, ?callable $read_callback = null, ?callable $write_callback = null, int $events = 0): bool {}

/** As Swoole\Event::del(). */
function swoole_event_del(mixed $fd): bool {}

/** As Swoole\Event::isset(). */
function swoole_event_isset(mixed $fd, int $events = SWOOLE_EVENT_READ | SWOOLE_EVENT_WRITE): bool {}

/** As Swoole\Event::write(). */
function swoole_event_write(mixed $fd, string $data): bool {}

/** As Swoole\Event::defer(). */
function swoole_event_defer(callable $callback): bool {}

/** As Swoole\Event::cycle(). */
function swoole_event_cycle(?callable $callback, bool $before = false): bool {}

/** As Swoole\Event::dispatch(). */
function swoole_event_dispatch(): bool {}

/** As Swoole\Event::wait(). PHP shows it as the caller when the loop runs after the script's end. */
function swoole_event_wait(): void {}

/** As Swoole\Event::exit(). */
function swoole_event_exit(): void {}

/** As Swoole\Timer::after(). */
function swoole_timer_after(int $ms, callable $callback, mixed ...$params): int|false {}

/** As Swoole\Timer::tick(). */
function swoole_timer_tick(int $ms, callable $callback, mixed ...$params): int|false {}

/** As Swoole\Timer::exists(). */
function swoole_timer_exists(int $timer_id): bool {}

/** As Swoole\Timer::clear(). */
function swoole_timer_clear(int $timer_id): bool {}

/** As Swoole\Timer::clearAll(). */
function swoole_timer_clear_all(): bool {}

/** As Swoole\Timer::info(). */
function swoole_timer_info(int $timer_id): ?array {}

/** As Swoole\Timer::list(). */
function swoole_timer_list(): Swoole\Timer\Iterator {}

/** As Swoole\Timer::stats(). */
function swoole_timer_stats(): array {}

/** As Swoole\Timer::set(). */
function swoole_timer_set(array $settings): void {}

/**
 * The classic timer, which has its interval for a name: calls $callback($interval) every $interval milliseconds. A process has one of each interval: false
 * with a warning for a second one.
 */
function swoole_timer_add(int $interval, callable $callback): bool {}

/** Ends the classic timer of that interval; false if there is none. */
function swoole_timer_del(int $interval): bool {}
