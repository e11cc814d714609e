<?php
// enableSSL() on a connection that has begun in the clear: a client that waits comes back then, an event-driven one calls its function. Never with bytes unread that came in the clear.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$files = (new Authority())->issue();
$peer = new Peer(function ($connection) use ($files) {
    fwrite($connection, "ready\n");
    if (trim(fgets($connection)) === 'inject') {
        fwrite($connection, "go\ninjected\n");
    } else {
        fwrite($connection, "go\n");
    }
    stream_context_set_option($connection, ['ssl' => ['local_cert' => $files['ssl_cert_file'], 'local_pk' => $files['ssl_key_file']]]);
    if (encrypted($connection, server: true)) {
        fwrite($connection, 'secret: ' . fgets($connection));
    }
});
$lines = ['open_eof_split' => true, 'package_eof' => "\n"];

$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->set($lines);
$client->connect('127.0.0.1', $peer->port, PATIENCE);
same("ready\n", $client->recv());
$client->send("starttls\n");
same("go\n", $client->recv());
same(true, $client->enableSSL());
$client->send("hello\n");
same("secret: hello\n", $client->recv());
same([false, ['Swoole\Client::enableSSL(): this connection has TLS already']], warnings(fn () => $client->enableSSL()));

$client = new Swoole\Client(SWOOLE_SOCK_TCP);
$client->set($lines);
$client->connect('127.0.0.1', $peer->port, PATIENCE);
$client->recv();
$client->send("inject\n");
same("go\n", $client->recv());
eventually(fn () => $client->recv(65536, Swoole\Client::MSG_PEEK | Swoole\Client::MSG_DONTWAIT), 'what was put between has come');
[$done, $said] = warnings(fn () => $client->enableSSL());
same(false, $done);
contains('bytes that came in the clear', $said[0]);

$events = [];
$client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
$client->set($lines);
$client->on('connect', fn () => null);
$client->on('receive', function ($client, $line) use (&$events) {
    $events[] = trim($line);
    if ($line === "ready\n") {
        $client->send("starttls\n");
    } elseif ($line === "go\n") {
        same(false, warnings(fn () => $client->enableSSL())[0], 'without a function to call');
        same(true, $client->enableSSL(function ($client) use (&$events) {
            $events[] = 'over';
            ok(str_contains($client->getPeerCert(), 'BEGIN CERTIFICATE'), 'a certificate');
        }));
        $client->send("hello\n");
    } else {
        $client->close();
    }
});
$client->on('error', fn () => null);
$client->on('close', function () use (&$events) {
    $events[] = 'close';
});
$client->connect('127.0.0.1', $peer->port, PATIENCE);
loop();
same(['ready', 'go', 'over', 'secret: hello', 'close'], $events);

$events = [];
$client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
$client->set($lines);
$client->on('connect', fn () => null);
$client->on('receive', function ($client, $line) use (&$events) {
    $events[] = trim($line);
    $line === "ready\n" ? $client->send("inject\n") : $client->enableSSL(fn () => throw new Failed('over'));
});
$client->on('error', fn () => null);
$client->on('close', function ($client) use (&$events) {
    $events[] = $client->errCode;
});
$client->connect('127.0.0.1', $peer->port, PATIENCE);
swoole_async_set(['log_level' => SWOOLE_LOG_NONE]); // it is logged
loop();
same(['ready', 'go', SWOOLE_ERROR_SSL_HANDSHAKE_FAILED], $events);
