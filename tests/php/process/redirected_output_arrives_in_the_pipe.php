<?php
// With redirect_stdin_and_stdout the user process's standard output and input are the pipe, which is a stream whatever was asked for.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1]);
    $process = new Swoole\Process(function () {
        $input = fopen('php://stdin', 'r'); // serve() has closed STDIN
        while (($line = fgets($input)) !== false) {
            echo strtoupper($line);
        }
    }, true);
    $server->addProcess($process);
    $server->on('receive', function ($server, $fd, $reactor, $data) use ($process) {
        $process->write($data);
        for ($answer = ''; !str_ends_with($answer, "\n"); $answer .= $process->read(3)) {
        }
        $server->send($fd, $answer);
    });
});
same("HELLO\n", $srv->connect()->ask("hello\n"));
same("AND AGAIN\n", $srv->connect()->ask("and again\n"));
$srv->stop();
