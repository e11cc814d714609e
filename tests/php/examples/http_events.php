<?php
// examples/php/http_events.php answers requests of any pieces with its connections, and notices their ends.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$program = (new Program('http_events', [$port = freePort()]))->listening($port);
$connect = fn () => new Client("tcp://127.0.0.1:$port");
$answer = function (Client $client) {
    preg_match('/^HTTP\/1\.1 200 OK\r\n.*Content-Length: (\d+)\r\n/s', $client->readTo("\r\n\r\n"), $found);
    return json_decode($client->read((int) $found[1]), true);
};
[$one, $two] = [$connect(), $connect()];
$names = [$one->host() . ':' . $one->port(), $two->host() . ':' . $two->port()];
same($names, $answer($two->write("GET / HTTP/1.1\r\nHost: test\r\n\r\n")));
foreach (str_split("GET / HTTP/1.1\r\n\r\n", 3) as $part) {
    $one->write($part);
}
same($names, $answer($one));
$one->write("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
same([$names, $names], [$answer($one), $answer($one)]);
$one->close();
eventually(fn () => $answer($two->write("GET / HTTP/1.1\r\n\r\n")) === [$names[1]], 'the end of a connection is noticed');
$connect()->write(str_repeat('x', 70_000))->closed();
same([$names[1]], $answer($two->write("GET / HTTP/1.1\r\n\r\n")));
// Ten thousand ends do not cost it anything: it does not spin on closed connections.
$ticks = fn () => array_sum(array_slice(explode(' ', substr(strrchr(file_get_contents("/proc/$program->pid/stat"), ')'), 2)), 11, 2));
for ($n = 0; $n < 50; $n++) {
    $connect()->close();
}
$before = $ticks();
usleep(200_000); // time: what is measured is that it does nothing
between(0, 5, $ticks() - $before, 'clock ticks of an idle server in 200 ms');
same("web server on port $port\n", $program->output());
$program->stop();
