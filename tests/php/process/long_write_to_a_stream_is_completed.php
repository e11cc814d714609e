<?php
// A stream takes more than the kernel holds at once: write() goes on until all of it is read at the other end.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1]);
    $process = new Swoole\Process(function (Swoole\Process $process) {
        for ($length = 0, $hash = hash_init('crc32b'); $length < 3_000_000; $length += strlen($part)) {
            hash_update($hash, $part = $process->read(65536));
        }
        $process->write(hash_final($hash));
        $process->read();
    }, false, Swoole\Process::PIPE_TYPE_STREAM);
    $server->addProcess($process);
    $server->on('receive', function ($server, $fd) use ($process) {
        $data = random_bytes(3_000_000);
        note('written', $process->write($data), hash('crc32b', $data) === $process->read());
        $server->send($fd, 'x');
    });
});
same('x', $srv->connect()->ask('x'));
same([3_000_000, true], $srv->await('written'));
$srv->stop();
