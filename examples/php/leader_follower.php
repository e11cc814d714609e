<?php

// A web server of ten processes. All wait for a connection on the same socket; the kernel gives it to one of them, which answers,
// while the others wait for the next. Whoever dies is replaced, and none is left as a zombie.
//   php leader_follower.php 8080      then      curl http://127.0.0.1:8080/      Ctrl-C ends it

$port = (int) ($argv[1] ?? 8080);
$sock = @stream_socket_server("tcp://127.0.0.1:$port", $errno, $errstr) ?: exit("cannot listen on port $port: $errstr\n");
const ANSWER = "HTTP/1.0 200 OK\r\nServer: my_server\r\nContent-Type: text/html; charset=utf-8\r\n\r\nhello!world";

$pids = [];
$start = function () use ($sock, &$pids) {
    $process = new Swoole\Process(function () use ($sock) {
        $parent = posix_getppid();
        while (posix_getppid() === $parent) {
            $conn = @stream_socket_accept($sock, 1);
            if ($conn === false) {
                continue; // nobody came within a second
            }
            fread($conn, 8192);
            fwrite($conn, ANSWER);
            fclose($conn);
        }
    }, false, Swoole\Process::PIPE_TYPE_NONE);
    $pids[$process->start()] = true;
};
for ($i = 0; $i < 10; $i++) {
    $start();
}
echo "web server on port $port: ten processes, parent ", getmypid(), "\n";

Swoole\Process::signal(SIGCHLD, function () use (&$pids, $start) {
    while ($ended = Swoole\Process::wait(false)) {
        unset($pids[$ended['pid']]);
        echo "process {$ended['pid']} ended (code {$ended['code']}, signal {$ended['signal']}); another takes its place\n";
        $start();
    }
});

$leave = function () use (&$pids) {
    foreach ([SIGCHLD, SIGTERM, SIGINT] as $signal) {
        Swoole\Process::signal($signal, null); // nothing is left in the loop
    }
    foreach ($pids as $pid => $_) {
        Swoole\Process::kill($pid);
    }
    while (Swoole\Process::wait()) {
    }
    echo "all have ended\n";
};
Swoole\Process::signal(SIGTERM, $leave);
Swoole\Process::signal(SIGINT, $leave);
