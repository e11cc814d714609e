<?php

namespace Swoole\Async;

/** A client that is always event-driven. */
class Client extends \Swoole\Client
{
    /** @throws \Swoole\Client\Exception there is no such type */
    public function __construct(int $type) {}

    public function __destruct() {}

    public function connect(string $host, int $port = 0, float $timeout = 0.5, int $sock_flag = 0): bool {}

    public function sleep(): bool {}

    public function wakeup(): bool {}

    public function pause(): bool {}

    public function resume(): bool {}

    public function isConnected(): bool {}

    public function enableSSL(?callable $onSslReady = null): bool {}

    public function close(bool $force = false): bool {}

    /** @param string $host the event */
    public function on(string $host, callable $callback): bool {}
}
