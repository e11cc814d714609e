<?php
// The static methods of Swoole\Async do what the functions do.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$got = [];
swoole_async::writeFile(tmp('file'), 'content', function () use (&$got) {
    Swoole\Async::write(tmp('file'), '!', -1, function () use (&$got) {
        Swoole\Async::readFile(tmp('file'), function ($file, $content) use (&$got) {
            $got[] = $content;
        });
        Swoole\Async::read(tmp('file'), function ($file, $chunk) use (&$got) {
            $got[] = $chunk;
            return true;
        }, 4);
    });
});
Swoole\Async::dnsLookup('127.0.0.1', function ($host, $address) use (&$got) {
    $got[] = $address;
});
loop();
sort($got);
same(['', '127.0.0.1', 'cont', 'content!', 'ent!'], $got);
