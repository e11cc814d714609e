<?php
// examples/php/fire_and_forget: write.php is done at once, though the page that it calls takes its time; the page is run to its end.
// mode: any
// time: the caller is not kept waiting by a page that takes a second
require __DIR__ . '/../../support/php/bootstrap.php';

$port = freePort();
$folder = __DIR__ . '/../../../examples/php/fire_and_forget';
$server = proc_open([PHP_BINARY, '-n', '-S', "127.0.0.1:$port", '-t', $folder], [['file', '/dev/null', 'r'], ['file', tmp('web'), 'a'], ['file', tmp('web'), 'a']], $pipes, null, ['MAIL_SECONDS' => '1', 'MAIL_LOG' => tmp('mails')] + getenv());
eventually(fn () => listens($port), 'the web server is up');
$begin = microtime(true);
[$code, $output] = example('fire_and_forget/write', ["127.0.0.1:$port", 'Rust & PHP']);
$passed = microtime(true) - $begin;
same(false, is_file(tmp('mails')), 'the page is not done yet');
same(0, $code);
matches('/^"Rust & PHP" is published\nmails are on their way\ndone after \d+ ms\n$/', $output);
between(0, 0.9, $passed, 'seconds of the caller');
eventually(fn () => is_file(tmp('mails')), 'the page is done');
same("subscribers were told of \"Rust & PHP\"\n", file_get_contents(tmp('mails')));
proc_terminate($server, SIGKILL);
proc_close($server);

[$code, $output] = example('fire_and_forget/write', ['127.0.0.1:' . deadPort()]);
same(0, $code);
contains('no mails: nobody answers', $output);
