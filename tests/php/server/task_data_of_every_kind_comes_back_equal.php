<?php
// Strings travel as they are, every other value serialised: both ways it arrives equal to what was given.
require __DIR__ . '/../../support/php/bootstrap.php';

class Box
{
    public function __construct(private mixed $inside)
    {
    }
    public function __serialize(): array
    {
        return ['kept' => $this->inside];
    }
    public function __unserialize(array $data): void
    {
        $this->inside = $data['kept'];
    }
}
enum Suit: string
{
    case Hearts = 'h';
}
$circle = new stdClass();
$circle->self = $circle;
$one = 1;
$references = ['a' => &$one, 'b' => &$one];
$values = [
    'null' => null, 'true' => true, 'false' => false, 'zero' => 0, 'least' => PHP_INT_MIN, 'most' => PHP_INT_MAX,
    'float' => 0.1, 'minus zero' => -0.0, 'infinite' => -INF, 'tiny' => 5e-324,
    'empty' => '', 'text' => 'some text', 'binary' => implode('', array_map('chr', range(0, 255))), 'zeros' => "\0\0",
    'looks serialised' => 'i:5;', 'looks serialised too' => serialize([1]), 'N;' => 'N;', 'b:0;' => 'b:0;',
    'no items' => [], 'list' => [1, 'two', 3.0], 'nested' => ['a' => ['b' => ['c' => [null, false]]], 7 => -1], 'binary key' => ["\0\xff" => "\xff"],
    'object' => new Box(['x' => new Box(1)]), 'std' => (object) ['a' => 1], 'date' => new DateTimeImmutable('2020-02-03T04:05:06.789+01:00'),
    'enum' => Suit::Hearts, 'list object' => new ArrayObject([1, 2]), 'circle' => $circle, 'references' => $references,
];
$srv = serve(function (Swoole\Server $server) {
    offers($server, [
        'ask' => fn ($server, $value) => [$server->taskwait($value, PATIENCE), gettype($value)],
        'task' => fn ($server, $value) => $server->task($value),
    ]);
    $server->set(['task_worker_num' => 1]);
    $server->on('task', function ($server, $id, $source, $data) {
        note('got', bin2hex(serialize($data)));
        $server->finish($data);
    });
    $server->on('finish', fn ($server, $id, $data) => note('finished', bin2hex(serialize($data))));
});
$n = 0;
foreach ($values as $name => $value) {
    $wanted = serialize($value);
    same($wanted, serialize($srv->call('ask', $value)[0]), "$name, as taskwait() gives it");
    same($wanted, hex2bin($srv->await('got', 2 * $n + 1)[0]), "$name in onTask");
    $srv->call('task', $value);
    same($wanted, hex2bin($srv->await('finished', ++$n)[0]), "$name in onFinish");
}
$not = $srv->call('ask', NAN)[0];
ok(is_float($not) && is_nan($not), 'NAN comes back');
$back = $srv->call('ask', $references)[0];
$back['a'] = 2;
same(2, $back['b'], 'the other name of a referenced value');
$srv->stop();
