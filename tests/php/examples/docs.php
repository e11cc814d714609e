<?php
// The programs at the head of docs/event-loop.md, clients.md and async-io.md run as they stand.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$snippets = function (string $page): array {
    preg_match_all('/```php\n(.*?)```/s', file_get_contents(__DIR__ . "/../../../docs/$page.md"), $found);
    return array_map(fn ($code) => preg_replace('/^<\?php\n/', '', $code), $found[1]);
};
$peer = new Peer(function ($connection) {
    fwrite($connection, 'you said ' . fgets($connection));
});
$port = '/\b95\d\d\b/'; // the one that the page names
$to = fn (string $code) => preg_replace($port, (string) $peer->port, strtr($code, [':80\'' => ":$peer->port'", '2000,' => '20,']));

[$first] = $snippets('event-loop');
[$code, $output] = script($to($first));
same(0, $code);
$answer = "you said GET / HTTP/1.0\r\n";
ok(in_array($output, ["{$answer}two seconds later\n", "two seconds later\n$answer"], true), $output);

[$blocking, $telling] = $snippets('clients');
same([0, "you said hello\n"], script($to($blocking)));
same([0, "you said hello\nclosed\n"], script($to($telling)));
[, $output] = script(preg_replace($port, (string) deadPort(), $blocking));
matches('/^no connection: .*refused/m', $output);

[$files, $exec] = $snippets('async-io');
file_put_contents(tmp('large'), str_repeat('x', 3 << 20));
[$code, $output] = script('$hash = hash_init("crc32b");' . strtr($files, ['/var/log/large' => tmp('large')]) . 'swoole_event_wait(); echo "\n", hash_final($hash);');
same(0, $code);
same(file_get_contents('/etc/hostname') . "\n" . hash_file('crc32b', tmp('large')), $output);
[$code, $output] = script($exec);
same(0, $code);
contains("exit code 0, signal 0\ntotal ", $output);
