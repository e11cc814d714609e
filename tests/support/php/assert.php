<?php
declare(strict_types=1);

/** What a test wanted is not so. */
final class Failed extends Exception
{
}

function same(mixed $wanted, mixed $got, string $what = 'value'): void
{
    if ($wanted !== $got) {
        throw new Failed("$what: wanted " . shown($wanted) . ', got ' . shown($got));
    }
}

function ok(mixed $condition, string $what): void
{
    if (!$condition) {
        throw new Failed("not so: $what");
    }
}

function contains(string $part, string $whole): void
{
    if (!str_contains($whole, $part)) {
        throw new Failed('wanted ' . shown($part) . ' in ' . shown($whole));
    }
}

function matches(string $pattern, string $text): void
{
    if (preg_match($pattern, $text) !== 1) {
        throw new Failed("wanted a match of $pattern in " . shown($text));
    }
}

function between(int|float $least, int|float $most, int|float $got, string $what): void
{
    if ($got < $least || $got > $most) {
        throw new Failed("$what: wanted $least to $most, got $got");
    }
}

/** Runs `action`, which must throw `class`; gives what it threw. */
function throws(string $class, callable $action): Throwable
{
    try {
        $action();
    } catch (Throwable $thrown) {
        if ($thrown instanceof $class) {
            return $thrown;
        }
        throw new Failed("wanted $class to be thrown, got " . $thrown);
    }
    throw new Failed("wanted $class to be thrown, nothing was");
}

/** Runs `action` and gives [what it returned, its warnings]. */
function warnings(callable $action): array
{
    $messages = [];
    set_error_handler(function (int $number, string $message) use (&$messages) {
        $messages[] = $message;
        return true;
    });
    try {
        return [$action(), &$messages];
    } finally {
        restore_error_handler();
    }
}

/** Waits until `condition` gives something true, and gives that. */
function eventually(callable $condition, string $what, float $timeout = PATIENCE): mixed
{
    $deadline = microtime(true) + $timeout;
    do {
        if ($got = $condition()) {
            return $got;
        }
        usleep(5000);
    } while (microtime(true) < $deadline);
    throw new Failed("still not so after $timeout s: $what");
}

function shown(mixed $value): string
{
    $text = is_string($value) ? json_encode($value, JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES) : var_export($value, true);
    return strlen($text) > 2000 ? substr($text, 0, 2000) . '… (' . strlen($text) . ' bytes)' : $text;
}
