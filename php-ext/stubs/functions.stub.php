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

/**
 * Waits until something in the arrays is ready, and leaves that in them, under its keys. Elements are clients, streams, Socket objects or descriptors,
 * as many as the process can open. What a stream or a client has read already counts as ready.
 *
 * @param ?array $read can be read from, or is at its end
 * @param ?array $write takes bytes, or has failed
 * @param ?array $except has out-of-band data, or has failed
 * @param ?float $timeout seconds; null or negative: no limit
 * @return int|false how many elements are ready; 0: the timeout is over. False, and the arrays are as they were: an error (with a warning), or a signal came
 */
function swoole_select(?array &$read, ?array &$write, ?array &$except, ?float $timeout = 0.5): int|false {}

/** As swoole_select(). */
function swoole_client_select(?array &$read, ?array &$write, ?array &$except, ?float $timeout = 0.5): int|false {}

/**
 * Reads a whole file of at most 4 MiB. $callback(string $filename, string|false $content) is called from the event loop; false, with a warning: it could
 * not be read. This function itself answers false, with a warning, if it cannot even be begun; so do all of them.
 */
function swoole_async_readfile(string $filename, callable $callback): bool {}

/**
 * Replaces a file's content, or appends to it. $callback(string $filename, int|false $written)
 *
 * @param int $flags FILE_APPEND or 0
 */
function swoole_async_writefile(string $filename, string $content, ?callable $callback = null, int $flags = 0): bool {}

/**
 * Reads a file chunk by chunk. $callback(string $filename, string|false $chunk): bool is called for each; '' is the end, false an error (with a warning). When it
 * returns false no more is read.
 *
 * @param int $chunk_size bytes, at most 1 MiB
 */
function swoole_async_read(string $filename, callable $callback, int $chunk_size = 65536, int $offset = 0): bool {}

/**
 * Writes into a file, leaving the rest of it as it is. Calls for the same file are done in their order. $callback(string $filename, int|false $written)
 *
 * @param int $offset -1: at the end
 */
function swoole_async_write(string $filename, string $content, int $offset = -1, ?callable $callback = null): bool {}

/** Looks up the IPv4 address of a host. $content(string $host, string $address); '' if there is none: swoole_last_error() says why. */
function swoole_async_dns_lookup(string $domain_name, callable $content): bool {}

/** Forgets the answers about names, which are remembered for a minute. */
function swoole_clear_dns_cache(): void {}

/**
 * Sets options of the process. False with a warning if one was not taken.
 *
 * thread_num: threads for files and names, 1 to 32, before the first is needed · dns_server: "ip" or "ip:port" instead of what the system is set up for ·
 * dns_lookup_random: a random one of several addresses · socket_buffer_size: its default for servers and clients that are made from now on · log_level: a
 * SWOOLE_LOG_* · display_errors: as the INI directive · enable_reuse_port: for servers that are made from now on.
 * enable_signalfd, socket_dontwait and use_async_resolver mean nothing here.
 */
function swoole_async_set(array $settings): bool {}
