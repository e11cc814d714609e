<?php
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$nothing = fn () => null;
contains('pipe type 3', throws(Swoole\Exception::class, fn () => new Swoole\Process($nothing, false, 3))->getMessage());
throws(TypeError::class, fn () => new Swoole\Process('no such function'));
throws(ArgumentCountError::class, fn () => new Swoole\Process());
throws(Error::class, fn () => (new Swoole\Process($nothing))->__construct($nothing));

$without = new Swoole\Process($nothing, false, Swoole\Process::PIPE_TYPE_NONE);
same(null, $without->pipe);
foreach ([fn () => $without->write('x'), fn () => $without->read()] as $action) {
    [$answer, [$warning]] = warnings($action);
    same([false, SWOOLE_ERROR_WRONG_OPERATION], [$answer, swoole_last_error()]);
    contains('made without a pipe', $warning);
}

$process = new Swoole\Process($nothing);
foreach ([0, -1] as $size) {
    [$answer, [$warning]] = warnings(fn () => $process->read($size));
    same(false, $answer);
    contains("reading $size bytes", $warning);
}
[$answer, [$warning]] = warnings(fn () => $process->write(str_repeat('x', 10_000_000)));
same([false, SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE], [$answer, swoole_last_error()]);
contains('10000000 bytes do not fit into one datagram', $warning);

$forgetful = new class extends Swoole\Process {
    public function __construct()
    {
    }
};
contains('parent::__construct()', throws(Error::class, fn () => $forgetful->write('x'))->getMessage());
$server = new Swoole\Server('127.0.0.1', 0);
contains('must be of type Swoole\Process', throws(TypeError::class, fn () => $server->addProcess($server))->getMessage());
throws(Error::class, fn () => $server->addProcess($forgetful));
