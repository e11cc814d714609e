<?php
// examples/php/daemon_server.php: start, status, stop; a second start and a second stop are refused; it has left its terminal.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$port = freePort();
$environment = ['PORT' => (string) $port, 'PID_FILE' => tmp('pid')];
$run = fn (string ...$arguments) => example('daemon_server', $arguments, $environment);
$get = fn () => (new Client("tcp://127.0.0.1:$port"))->write("GET / HTTP/1.0\r\n\r\n")->rest();

same([3, "it does not run\n"], $run('status'));
same([0, ''], $run());
$pid = (int) file_get_contents(tmp('pid'));
ok(alive($pid), 'the daemon lives when the command has ended');
same([0, "it runs as process $pid\n"], $run('status'));
same("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nHi", $get());
same([1, "it runs already, as process $pid\n"], $run('start'));

$stat = explode(' ', substr(strrchr(file_get_contents("/proc/$pid/stat"), ')'), 2));
[, $parent, $group, $session, $terminal] = array_map(intval(...), $stat);
ok($session !== posix_getsid(0), 'a session of its own');
ok($session !== $pid, 'and not its leader');
same(0, $terminal, 'its terminal');
ok($parent !== posix_getpid(), 'its parent has ended');
same(['/', '/dev/null', '/dev/null', '/dev/null'], array_map('readlink', ["/proc/$pid/cwd", "/proc/$pid/fd/0", "/proc/$pid/fd/1", "/proc/$pid/fd/2"]));

$waiting = new Client("tcp://127.0.0.1:$port"); // connected before the stop: still served
eventually(fn () => count(glob("/proc/$pid/fd/*")) > 5, 'it is accepted');
posix_kill($pid, SIGTERM);
eventually(fn () => !listens($port), 'nobody is taken any more');
contains('Hi', $waiting->write("GET / HTTP/1.0\r\n\r\n")->rest());
eventually(fn () => !alive($pid), 'it has ended');
same(false, is_file(tmp('pid')));

same([0, ''], $run('start'));
$pid = (int) file_get_contents(tmp('pid'));
same([0, "ended\n"], $run('stop'));
same(false, alive($pid));
same([1, "it does not run\n"], $run('stop'));
file_put_contents(tmp('pid'), '999999999'); // left by one that was killed
same([3, "it does not run\n"], $run('status'));
$taken = listener("tcp://127.0.0.1:$port");
[$code, $output] = $run('start');
same(1, $code);
contains("cannot listen on port $port", $output);
same(2, $run('nonsense')[0]);
