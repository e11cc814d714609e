<?php
// examples/php/http_server_events.php: pipelining, bodies, "Connection: close", slow readers, half-closed clients, hostile ones.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$program = (new Program('http_server_events', [$port = freePort()]))->listening($port);
$connect = fn () => new Client("tcp://127.0.0.1:$port");
$answer = function (Client $client) {
    preg_match('/^HTTP\/1\.1 200 OK\r\n.*Content-Length: (\d+)\r\n/s', $client->readTo("\r\n\r\n"), $found);
    return $client->read((int) $found[1]);
};
$post = fn (string $body, string $more = '') => "POST / HTTP/1.1\r\nHost: test\r\n{$more}Content-Length: " . strlen($body) . "\r\n\r\n$body";

$client = $connect();
same("GET /page HTTP/1.1\r\nHost: test\n", $answer($client->write("GET /page HTTP/1.1\r\nHost: test\r\n\r\n")));
same('hello', $answer($client->write($post('hello'))));
foreach (str_split($post('in pieces'), 7) as $part) {
    $client->write($part);
}
same('in pieces', $answer($client));
$client->write($post('one') . $post('two') . $post('three'));
same(['one', 'two', 'three'], [$answer($client), $answer($client), $answer($client)]);

$last = $connect()->write($post('last', "Connection: close\r\n"));
same('last', $answer($last));
$last->closed();
$half = $connect()->write($post('half'));
$half->shutdown();
same('half', $answer($half));
$half->closed();

$long = random_bytes(1_000_000);
$slow = $connect()->write($post($long));
same('hello', $answer($client->write($post('hello')))); // meanwhile
ok($answer($slow) === $long, 'a long body comes back');

contains('413', $connect()->write("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n")->rest());
$connect()->write("garbage\r\n\r\n");
$connect()->reset();
same('hello', $answer($client->write($post('hello'))));
same("web server on port $port\n", $program->output());
$program->stop();
