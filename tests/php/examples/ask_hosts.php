<?php
// examples/php/ask_hosts_select.php and ask_hosts_events.php: a host that answers, one that is slow, one that refuses, one that cannot
// be reached, one that hangs up and one that does not exist are asked at once, all within the one timeout.
// mode: any
// time: the timeout of 800 ms
require __DIR__ . '/../../support/php/bootstrap.php';

$answers = new Peer(function ($connection) {
    fgets($connection);
    fwrite($connection, "HTTP/1.1 200 OK\r\nServer: test\r\n\r\n");
    fgets($connection);
});
$slow = new Peer(function ($connection) {
    sleep(10); // time: a slow host
});
$hangsUp = new Peer(fn ($connection) => fgets($connection));
$refuses = deadPort();
[$full, $held] = fullPort();
$hosts = ["127.0.0.1:$full", "127.0.0.1:$slow->port", "127.0.0.1:$answers->port", "127.0.0.1:$refuses", "127.0.0.1:$hangsUp->port", "localhost:$answers->port", 'no-such-host.invalid'];
foreach (['ask_hosts_select', 'ask_hosts_events'] as $name) {
    $begin = microtime(true);
    [$code, $output] = example($name, $hosts, ['TIMEOUT' => '0.8']);
    between(0.7, 2.5, microtime(true) - $begin, "seconds of $name");
    same(0, $code, $output);
    preg_match_all('/^(\S+): (.*)$/m', $output, $lines);
    same($hosts, $lines[1], $output);
    [$unreachable, $late, $good, $refused, $ended, $named, $unknown] = $lines[2];
    ok(in_array($unreachable, ['no connection', 'failed: Connection timed out'], true), "$name, unreachable: $unreachable");
    same('no answer', $late, $name);
    same(['HTTP/1.1 200 OK', 'HTTP/1.1 200 OK'], [$good, $named], $name);
    same('failed: Connection refused', $refused, $name);
    same('closed without an answer', $ended, $name);
    matches('/^failed: ./', $unknown);
}
// Nobody keeps it waiting when all have answered.
foreach (['ask_hosts_select', 'ask_hosts_events'] as $name) {
    $begin = microtime(true);
    [, $output] = example($name, ["127.0.0.1:$answers->port"], ['TIMEOUT' => '60']);
    same("127.0.0.1:$answers->port: HTTP/1.1 200 OK\n", $output);
    between(0, 10, microtime(true) - $begin, "seconds of $name");
}
