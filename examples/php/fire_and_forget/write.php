<?php

// Publishes an article, and has its subscribers told by mail without waiting for that: it calls the page sendmail.php and leaves.
//   php -S 127.0.0.1:8080 -t examples/php/fire_and_forget &
//   php write.php 127.0.0.1:8080 "A new article"

[$host, $port] = explode(':', $argv[1] ?? '127.0.0.1:8080');
$title = $argv[2] ?? 'A new article';

$begin = microtime(true);
echo "\"$title\" is published\n";
echo callAndForget($host, (int) $port, '/sendmail.php?' . http_build_query(['title' => $title])) ? "mails are on their way\n" : "no mails: nobody answers at $host:$port\n";
printf("done after %d ms\n", (microtime(true) - $begin) * 1000);

/** Whether the request was handed over. What comes of it is not waited for. */
function callAndForget(string $host, int $port, string $page): bool
{
    $client = new swoole_client(SWOOLE_SOCK_TCP);
    if (!@$client->connect($host, $port, 1)) {
        return false;
    }
    $sent = $client->send("GET $page HTTP/1.1\r\nHost: $host:$port\r\nConnection: close\r\n\r\n");
    $client->close(); // what was sent is on its way all the same
    return $sent !== false;
}
