<?php
// swoole_async_set(): socket_buffer_size is the default of clients, enable_reuse_port holds for servers, display_errors and log_level say what is
// told, dns_lookup_random takes any of several addresses; what other builds knew is taken and does nothing.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

same(true, swoole_async_set(['enable_signalfd' => true, 'socket_dontwait' => 1, 'use_async_resolver' => true]));

[$listener, $port] = listener();
$takes = function (int $size) use ($port) { // how much a client takes for a peer that reads nothing
    same(true, swoole_async_set(['socket_buffer_size' => $size]));
    $client = new swoole_client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
    $client->on('connect', function ($client) use (&$taken) {
        for ($taken = 0; $taken < 100 << 20 && $client->send(str_repeat('x', 1 << 18)) !== false; $taken += 1 << 18) {
        }
        same(SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW, $client->errCode);
        $client->close(true);
    });
    foreach (['receive', 'error', 'close'] as $event) {
        $client->on($event, fn () => null);
    }
    $client->connect('127.0.0.1', $port, PATIENCE);
    loop();
    return $taken;
};
[$few, $many] = [$takes(1 << 20), $takes(32 << 20)]; // the kernel takes some besides
ok($many - $few > 20 << 20, "taken with 1 MiB: $few, with 32 MiB: $many");

// Two servers may listen to one port.
$serve = 'swoole_async_set(["enable_reuse_port" => %s]);
    try { new swoole_server("127.0.0.1", (int) getenv("PORT")); echo "listens"; } catch (swoole_exception $e) { echo $e->getCode(); }';
$holder = socket_create(AF_INET, SOCK_STREAM, SOL_TCP);
socket_set_option($holder, SOL_SOCKET, SO_REUSEPORT, 1);
socket_bind($holder, '127.0.0.1', 0);
socket_listen($holder);
socket_getsockname($holder, $address, $port);
same([0, 'listens'], script(sprintf($serve, 'true'), ['PORT' => $port]));
same([0, (string) SOCKET_EADDRINUSE], script(sprintf($serve, 'false'), ['PORT' => $port]));

// What is told.
$dead = deadPort();
$connect = "\$client = new swoole_client(SWOOLE_SOCK_TCP); var_dump(\$client->connect('127.0.0.1', $dead, 5));";
same([0, "bool(false)\n"], script("swoole_async_set(['display_errors' => false]); $connect"));
contains("127.0.0.1:$dead", script("swoole_async_set(['display_errors' => true]); $connect")[1]);
$log = fn (int $level) => script("swoole_async_set(['log_level' => $level]); swoole_error_log(SWOOLE_LOG_NOTICE, 'a notice'); swoole_error_log(SWOOLE_LOG_ERROR, 'an error');")[1];
$said = $log(SWOOLE_LOG_ERROR);
contains('an error', $said);
ok(!str_contains($said, 'a notice'), $said);
contains('a notice', $log(SWOOLE_LOG_INFO));

// A name with three addresses.
[$socket, $port] = listener('udp://127.0.0.1:0');
swoole_event_add($socket, function ($socket) {
    $question = stream_socket_recvfrom($socket, 512, 0, $from);
    $end = strpos($question, "\0", 12) + 5;
    $answer = substr($question, 0, 2) . "\x81\x80\0\1\0\3\0\0\0\0" . substr($question, 12, $end - 12);
    foreach (['192.0.2.1', '192.0.2.2', '192.0.2.3'] as $address) { // as in RFC 1035
        $answer .= "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" . inet_pton($address);
    }
    stream_socket_sendto($socket, $answer, 0, $from);
});
same(true, swoole_async_set(['dns_server' => "127.0.0.1:$port"]));
$found = [];
$look = function (int $times) use (&$look, &$found, $socket) {
    swoole_async_dns_lookup('some.host.example', function ($host, $address) use ($look, $times, &$found, $socket) {
        $found[$address] = ($found[$address] ?? 0) + 1;
        $times > 1 ? $look($times - 1) : swoole_event_del($socket);
    });
};
same(true, swoole_async_set(['dns_lookup_random' => true]));
$look(200); // one of them is never taken in one run of 10^34
loop();
ksort($found);
same(['192.0.2.1', '192.0.2.2', '192.0.2.3'], array_keys($found));
