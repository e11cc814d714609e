<?php

// A pool of workers that answer requests over TCP: 4 bytes of length (big-endian), then so many bytes; the answer in the same form.
// A worker that dies is replaced. SIGUSR1 renews all of them, one after another; SIGTERM ends the pool.
//   php pool.php 9501 &
//   php -r '$s = stream_socket_client("tcp://127.0.0.1:9501"); fwrite($s, pack("N", 5) . "hello"); echo substr(fread($s, 100), 4), "\n";'

$port = (int) ($argv[1] ?? 9501);
$answered = new Swoole\Atomic(); // made before the start: common to all workers

$pool = new Swoole\Process\Pool(4, SWOOLE_IPC_SOCKET);
$pool->listen('127.0.0.1', $port) || exit(1);

$pool->on('start', function (Swoole\Process\Pool $pool) use ($port) {
    echo "pool on port $port, master {$pool->master_pid}\n";
});
$pool->on('workerStart', function (Swoole\Process\Pool $pool, int $workerId) {
    echo "worker $workerId begins\n"; // what is loaded from here on is new after a reload
});
$pool->on('message', function (Swoole\Process\Pool $pool, string $message) use ($answered) {
    $number = $answered->add();
    $pool->write("$number: " . strrev($message));
});
$pool->on('workerStop', function (Swoole\Process\Pool $pool, int $workerId) {
    echo "worker $workerId ends\n";
});
$pool->start();
echo "answered {$answered->get()}\n";
