<?php
// swoole_async_dns_lookup(): the callback gets host and address; an address is given back; a name that fails gives an empty address.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$got = [];
$look = function (string $host) use (&$got) {
    return swoole_async_dns_lookup($host, function ($host, $address) use (&$got) {
        $got[$host] = $address;
    });
};
same(true, $look('localhost'));
same(true, $look('127.0.0.9'));
same([], $got);
loop();
ksort($got);
same(['127.0.0.9' => '127.0.0.9', 'localhost' => '127.0.0.1'], $got);
[, $messages] = warnings(function () use ($look) {
    $look('no-such-host.invalid');
    loop();
});
same('', (string) $got['no-such-host.invalid']);
$messages && contains('no-such-host.invalid', $messages[0]);
throws(TypeError::class, fn () => swoole_async_dns_lookup('localhost', 'no such function'));
same(false, warnings(fn () => swoole_async_dns_lookup('', fn () => null))[0]);
loop();
