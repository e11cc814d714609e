<?php

namespace Swoole;

/**
 * Files, names and commands, without waiting for them: the functions swoole_async_*() as static methods. The classic name `swoole_async` is
 * the same class.
 */
class Async
{
    /** As swoole_async_set(). */
    public static function set(array $settings): bool {}

    /** As swoole_async_read(). */
    public static function read(string $filename, callable $callback, int $chunk_size = 65536, int $offset = 0): bool {}

    /** As swoole_async_write(). */
    public static function write(string $filename, string $content, int $offset = -1, ?callable $callback = null): bool {}

    /** As swoole_async_readfile(). */
    public static function readFile(string $filename, callable $callback): bool {}

    /** As swoole_async_writefile(). */
    public static function writeFile(string $filename, string $content, ?callable $callback = null, int $flags = 0): bool {}

    /** As swoole_async_dns_lookup(). */
    public static function dnsLookup(string $hostname, callable $callback): bool {}

    /**
     * Runs a command by /bin/sh. $callback(string|false $output, array{code: int, signal: int} $status) is called when it has ended: code is -1 if a signal ended it.
     * With more than 64 MiB of output it is killed, and $output is false.
     */
    public static function exec(string $command, callable $callback): bool {}
}
