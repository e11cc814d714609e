<?php
declare(strict_types=1);

/** Reads a request; gives [its first line, headers by name in lower case, body], or null at the end. */
function requestFrom($connection): ?array
{
    $head = '';
    while (!str_ends_with($head, "\r\n\r\n")) {
        if (($line = fgets($connection)) === false) {
            return null;
        }
        $head .= $line;
    }
    $lines = explode("\r\n", rtrim($head));
    $first = array_shift($lines);
    $headers = [];
    foreach ($lines as $line) {
        [$name, $value] = explode(': ', $line, 2);
        $name = strtolower($name);
        $headers[$name] = isset($headers[$name]) ? "{$headers[$name]} | $value" : $value;
    }
    return [$first, $headers, readAll($connection, (int) ($headers['content-length'] ?? 0))];
}

/**
 * A server that says what it is told: `connections` has for each connection, in the order in which they come, the answers to its requests; then it is
 * closed. What was asked is for requests() to tell.
 */
function scripted(array ...$connections): Peer
{
    @unlink(tmp('requests'));
    return new Peer(function ($connection, int $number) use ($connections) {
        foreach ($connections[$number] ?? [] as $answer) {
            $request = requestFrom($connection);
            if ($request === null) {
                return;
            }
            addLine(tmp('requests'), base64_encode(serialize($request)));
            fwrite($connection, $answer);
        }
    });
}

/** The requests that scripted() has read so far. */
function requests(): array
{
    return array_map(fn ($line) => unserialize(base64_decode($line)), file(tmp('requests')) ?: []);
}

/** An answer's bytes. */
function answerOf(int $status, string $body = '', string ...$headers): string
{
    return implode("\r\n", ["HTTP/1.1 $status Words", ...$headers, 'Content-Length: ' . strlen($body)]) . "\r\n\r\n$body";
}

/** Has one request done, and waits for it; gives [status, body]. `ask` gets the client and the callback for its end. */
function outcome(Swoole\Http\Client $client, Closure $ask): array
{
    $outcome = null;
    same(true, $ask($client, function ($client) use (&$outcome) {
        $outcome = [$client->statusCode, $client->body];
    }));
    loop();
    return $outcome;
}
