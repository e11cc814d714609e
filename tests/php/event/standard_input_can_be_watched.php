<?php
// STDIN as a pipe: its lines and its end come to the callback.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$code = 'swoole_event_add(STDIN, function ($in) {
    $line = fgets($in);
    echo $line === false ? "end\n" : "got $line";
    $line === false && swoole_event_del($in);
});';
file_put_contents(tmp('stdin.php'), "<?php $code");
$process = proc_open(phpCommand(tmp('stdin.php')), [['pipe', 'r'], ['pipe', 'w'], STDERR], $pipes);
foreach (["one\n", "two\n"] as $line) {
    fwrite($pipes[0], $line);
    same("got $line", fgets($pipes[1]));
}
fclose($pipes[0]);
same("end\n", fgets($pipes[1]));
same(false, fgets($pipes[1]));
same(0, proc_close($process));
