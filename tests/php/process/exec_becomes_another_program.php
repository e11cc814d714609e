<?php
// exec() makes another program of the child: a Python child reads its standard input and prints into the pipe; its exit code is told.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$process = new Swoole\Process(function (Swoole\Process $process) {
    $process->exec('/usr/bin/python3', ['-c', "import sys\nfor line in sys.stdin:\n  print('Python: ' + line.strip(), flush=True)\nsys.exit(12)"]);
    echo 'never comes back';
}, true);
$pid = $process->start();
$process->write("hello\n");
for ($answer = ''; !str_ends_with($answer, "\n"); $answer .= $process->read()) {
}
same("Python: hello\n", $answer);
$process->close(Swoole\Process::PIPE_WRITE);
same(['pid' => $pid, 'code' => 12, 'signal' => 0], Swoole\Process::wait());
same('', $process->read());
