<?php
// swoole_async_writefile(): replaces the content, or appends with FILE_APPEND; the callback may be missing.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$long = random_bytes(3 << 20);
file_put_contents(tmp('old'), 'a long content of before');
$called = [];
$callback = function (...$arguments) use (&$called) {
    $called[] = $arguments[0];
};
same(true, swoole_async_writefile(tmp('new'), $long, $callback));
same(true, swoole_async_writefile(tmp('old'), 'short', $callback));
same(true, swoole_async_writefile(tmp('quiet'), 'nobody is told'));
same(true, swoole_async_writefile(tmp('empty'), '', $callback));
loop();
sort($called);
same([tmp('empty'), tmp('new'), tmp('old')], $called);
ok(file_get_contents(tmp('new')) === $long, 'the long one');
same(['short', 'nobody is told', ''], array_map(fn ($name) => file_get_contents(tmp($name)), ['old', 'quiet', 'empty']));
swoole_async_writefile(tmp('old'), ' and more', $callback, FILE_APPEND);
loop();
same('short and more', file_get_contents(tmp('old')));
same(0644 & ~umask(), fileperms(tmp('new')) & 0777);
