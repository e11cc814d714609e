<?php

/** This project's version, as SWOOLE_VERSION. */
function swoole_version(): string {}

/** Number of the last error: a SWOOLE_ERROR_* or an errno. */
function swoole_last_error(): int {}

/** The C library's error number. */
function swoole_errno(): int {}

/** The text for an error number. */
function swoole_strerror(int $errno, int $error_type = SWOOLE_STRERROR_SYSTEM): string {}

/** Sets both error numbers to 0. */
function swoole_clear_error(): void {}

/**
 * No warning and no log line tells of errors of this number any more, in this process and those it forks later. What fails still answers
 * false, and swoole_last_error() gives its number.
 */
function swoole_ignore_error(int $error): void {}

/** Writes a line to the engine's log: $level is a SWOOLE_LOG_*. */
function swoole_error_log(int $level, string $msg): void {}

/** As swoole_error_log(), of an error: its number stands in the line and becomes the last one. */
function swoole_error_log_ex(int $level, int $error, string $msg): void {}

/** How many processors this process may run on. */
function swoole_cpu_num(): int {}

/**
 * The machine's addresses: ['eth0' => '192.0.2.7'], one for each interface that has one, without the loopback.
 *
 * @param int $family AF_INET (2) or AF_INET6 (10)
 */
function swoole_get_local_ip(int $family = 2): array {}

/** The hardware addresses: ['lo' => '00:00:00:00:00:00', 'eth0' => '02:42:AC:11:00:02']. */
function swoole_get_local_mac(): array {}

/** Sets what `ps` shows of this process. False with a warning if it cannot be set. A long name is cut to the room there is. */
function swoole_set_process_name(string $process_name): bool {}

/**
 * A number for a string, the same in every process and release: beginning with 5381, times 33 plus the byte for each byte, the lower 63 bits
 * of it. Never negative. It does not withstand strings made to collide.
 *
 * @param int $type 0; there is no other: false with a warning
 */
function swoole_hashcode(string $data, int $type = 0): int|false {}
