<?php
/**
 * Packages of a 4-byte length and JSON: {"add": [1, 2, 3]} is answered with {"sum": 6}.
 *
 *   php -d extension=PATH/libswoole.so examples/php/length_protocol_server.php [PORT]
 */
final class Calculator
{
    public function receive(Swoole\Server $server, int $fd, int $reactor, string $package): void
    {
        $question = json_decode(substr($package, 4), true);
        $answer = is_array($question['add'] ?? null) ? ['sum' => array_sum($question['add'])] : ['error' => 'what?'];
        $json = json_encode($answer);
        $server->send($fd, pack('N', strlen($json)) . $json);
    }
}

$server = new Swoole\Server('127.0.0.1', (int) ($argv[1] ?? 9501));
$server->set([
    'worker_num' => 2,
    'open_length_check' => true,
    'package_length_type' => 'N', // 4 bytes, big endian,
    'package_length_offset' => 0, // at the front of the package,
    'package_body_offset' => 4,   // counting what comes after them
]);
$server->on('receive', [new Calculator(), 'receive']);
$server->start();
