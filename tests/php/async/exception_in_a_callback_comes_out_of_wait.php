<?php
// As in every callback: it can be caught around wait(), and what else is under way goes on.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('file'), 'abc');
$got = [];
swoole_async_readfile(tmp('file'), fn () => throw new LogicException('readfile'));
swoole_async_read(tmp('file'), fn () => throw new LogicException('read'), 1);
Swoole\Async::exec('echo hello', fn () => throw new LogicException('exec'));
swoole_async_dns_lookup('127.0.0.1', fn () => throw new LogicException('lookup'));
swoole_async_writefile(tmp('written'), 'x', fn () => throw new LogicException('writefile'));
for ($n = 0; $n < 5; $n++) {
    $got[] = throws(LogicException::class, fn () => loop())->getMessage();
}
sort($got);
same(['exec', 'lookup', 'read', 'readfile', 'writefile'], $got);
loop();
