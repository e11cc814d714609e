<?php
// upgrade() and push() against our own WebSocket server: text, binary, parts, pings, large and compressed messages, and the end by either side.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\WebSocket\Server $server) {
    $server->set(['websocket_compression' => true, 'package_max_length' => 8 << 20]);
    $server->on('open', fn ($server, $request) => $server->push($request->fd, "welcome {$request->server['request_uri']}"));
    $server->on('message', function ($server, $frame) {
        match ($frame->data) {
            'close' => $server->disconnect($frame->fd, 4001, 'because'),
            default => $server->push($frame->fd, $frame->data, $frame->opcode),
        };
    });
    $server->on('close', fn () => note('closed'));
}, class: Swoole\WebSocket\Server::class);

$talk = function (array $settings, array $says) use ($srv) {
    $client = new Swoole\Http\Client('127.0.0.1', $srv->port);
    $client->set($settings);
    $heard = [];
    $client->on('message', function ($client, $frame) use (&$heard, &$says) {
        ok($frame instanceof Swoole\WebSocket\Frame && $frame->finish && $frame->fd === $client->sock, 'it is a whole message');
        $heard[] = [$frame->opcode, $frame->data];
        if ($says === []) {
            $client->close();
            return;
        }
        $client->push(...array_shift($says));
    });
    $client->on('close', function ($client) use (&$heard) {
        $heard[] = 'close';
    });
    $client->upgrade('/chat', function ($client) use (&$heard) {
        $heard[] = $client->statusCode;
    });
    unset($client);
    loop();
    return $heard;
};
$large = str_repeat('0123456789', 500_000);
$says = [['hello'], ["\0\xff", WEBSOCKET_OPCODE_BINARY], [$large], ['']];
$hears = [101, [1, 'welcome /chat'], [1, 'hello'], [2, "\0\xff"], [1, $large], [1, ''], 'close'];
same($hears, $talk(['package_max_length' => 8 << 20], $says));
same($hears, $talk(['websocket_compression' => true, 'package_max_length' => 8 << 20], array_map(fn ($say) => [$say[0], $say[1] ?? 1, SWOOLE_WEBSOCKET_FLAG_FIN | SWOOLE_WEBSOCKET_FLAG_COMPRESS], $says)));
same([101, [1, 'welcome /chat'], 'close'], $talk([], [['close']]), 'the server closes');

$client = new Swoole\Http\Client('127.0.0.1', $srv->port);
$heard = [];
$client->on('message', function ($client, $frame) use (&$heard) {
    $heard[] = $frame->data;
    if (count($heard) === 2) {
        same(true, $client->push(pack('n', 1000) . 'bye', WEBSOCKET_OPCODE_CLOSE));
        same(1, count(warnings(fn () => $client->push('too late'))[1]));
    }
});
$client->upgrade('/', function ($client) {
    same(true, $client->isConnected());
    same(1, count(warnings(fn () => $client->get('/', fn () => null))[1]), 'it is no HTTP any more');
    same(true, $client->push('one ', WEBSOCKET_OPCODE_TEXT, false));
    same(true, $client->push('message', WEBSOCKET_OPCODE_CONTINUATION, true));
    same(1, count(warnings(fn () => $client->push("\xff"))[1]), 'that is no text');
    same(true, $client->push('', WEBSOCKET_OPCODE_PING));
});
loop();
same(['welcome /', 'one message'], $heard);
$srv->await('closed', 4);
$srv->stop();
