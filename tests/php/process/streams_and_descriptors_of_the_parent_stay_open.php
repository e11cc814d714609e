<?php
// A child's end closes nothing of the parent's: streams, sockets and other processes' pipes work on.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listening, $port] = listener();
$client = stream_socket_client("tcp://127.0.0.1:$port");
$server = accepted($listening);
$first = new Swoole\Process(fn ($process) => $process->write($process->read() . '!'));
$first->start();
for ($n = 0; $n < 5; $n++) {
    (new Swoole\Process(fn () => null))->start();
    Swoole\Process::wait();
}
fwrite($client, 'still open');
same('still open', fread($server, 100));
$first->write('still open');
same('still open!', $first->read());
Swoole\Process::wait();
