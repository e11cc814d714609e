<?php

// Asks many web servers at once whether they are up: clients that do not wait for their connection, and one
// swoole_client_select() for all of them. A host that is slow, refuses or does not answer holds up no other, and
// after TIMEOUT seconds all of it is over.
//   TIMEOUT=3 php ask_hosts_select.php example.org example.com:8080 192.0.2.1

$timeout = (float) (getenv('TIMEOUT') ?: 3);
$hosts = array_slice($argv, 1) ?: exit("usage: php ask_hosts_select.php HOST[:PORT] ...\n");
$deadline = microtime(true) + $timeout;
$left = fn () => max(0.001, $deadline - microtime(true));

$status = [];     // what is known of each host
$connecting = []; // clients by host: whose connection is on its way
$asked = [];      // those that owe an answer

foreach ($hosts as $host) {
    [$name, $port] = explode(':', $host) + [1 => 80];
    $client = new swoole_client(SWOOLE_SOCK_TCP);
    // The fourth argument: come back at once. Only the look-up of a name is waited for.
    if (@$client->connect($name, (int) $port, $left(), 1)) {
        $connecting[$host] = $client;
        $status[$host] = 'no connection';
    } else {
        $status[$host] = 'failed: ' . swoole_strerror($client->errCode);
    }
}

while (($connecting || $asked) && microtime(true) < $deadline) {
    $read = $asked;
    $write = $connecting;
    $except = null;
    if (!swoole_client_select($read, $write, $except, $left())) {
        break;
    }
    // Writable: connected, or failed, which send() tells.
    foreach ($write as $host => $client) {
        unset($connecting[$host]);
        if (@$client->send("HEAD / HTTP/1.0\r\nHost: $host\r\n\r\n")) {
            $asked[$host] = $client;
            $status[$host] = 'no answer';
        } else {
            $status[$host] = 'failed: ' . swoole_strerror($client->errCode);
        }
    }
    // Readable: an answer, or the end of the connection.
    foreach ($read as $host => $client) {
        unset($asked[$host]);
        $answer = @$client->recv();
        $status[$host] = $answer ? strtok($answer, "\r\n") : 'closed without an answer';
        $client->close();
    }
}

foreach ($status as $host => $what) {
    echo "$host: $what\n";
}
