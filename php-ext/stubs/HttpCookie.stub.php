<?php

namespace Swoole\Http;

/** A cookie with its attributes, for Response::cookie(). */
class Cookie
{
    /** @param bool $encode urlencode the value */
    public function __construct(bool $encode = true) {}

    public function withName(string $name): \Swoole\Http\Cookie {}

    public function withValue(string $value = ''): \Swoole\Http\Cookie {}

    public function withExpires(int $expires = 0): \Swoole\Http\Cookie {}

    public function withPath(string $path = '/'): \Swoole\Http\Cookie {}

    public function withDomain(string $domain = ''): \Swoole\Http\Cookie {}

    public function withSecure(bool $secure = false): \Swoole\Http\Cookie {}

    public function withHttpOnly(bool $httpOnly = false): \Swoole\Http\Cookie {}

    /** Strict, Lax, None, or nothing. */
    public function withSameSite(string $sameSite = ''): \Swoole\Http\Cookie {}

    /** Low, Medium, High, or nothing. */
    public function withPriority(string $priority = ''): \Swoole\Http\Cookie {}

    public function withPartitioned(bool $partitioned = false): \Swoole\Http\Cookie {}

    public function toArray(): array {}

    /** The value of Set-Cookie; false, with a warning: it cannot be one. */
    public function toString(): string|false {}

    /** Forgets all but whether the value is encoded. */
    public function reset(): void {}
}
