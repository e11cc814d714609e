<?php
// A __toString() may change the array that it is in, if that is a reference.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/http_servers.php';

final class Changing
{
    public array $more = [];

    public function __construct(private Closure $change)
    {
    }

    public function __toString(): string
    {
        ($this->change)();
        for ($n = 0; $n < 100; $n++) {
            $this->more[] = [$n, [$n]]; // what takes the place of freed memory
        }
        return 'first';
    }
}

$peer = scripted([answerOf(200)]);
$client = new Swoole\Http\Client('127.0.0.1', $peer->port);
$list = [new Changing(function () use (&$list) {
    $list = [];
}), str_repeat('second', 20), 'third'];
same(true, $client->setHeaders(['X-List' => &$list]));
same([], $list);
$list = [new Changing(function () use (&$list) {
    $list = null;
}), str_repeat('second', 20), ['x' => 'third']];
same(true, $client->setData(['field' => &$list]));
same(null, $list);
same(200, outcome($client, fn ($client, $done) => $client->execute('/', $done))[0]);
[[, $headers, $body]] = requests();
same('first | ' . str_repeat('second', 20) . ' | third', $headers['x-list']);
parse_str($body, $fields);
same(['field' => ['first', str_repeat('second', 20), ['x' => 'third']]], $fields);
