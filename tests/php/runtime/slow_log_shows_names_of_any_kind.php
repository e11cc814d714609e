<?php
// request_slowlog_file is a text: the name of an anonymous class ends where PHP ends it, a very long name is cut, an odd one takes one line.
require __DIR__ . '/../../support/php/bootstrap.php';

$long = 'Long' . str_repeat('o', 5000);
eval("class $long { static function run(\$f) { \$f(); } }");
eval("class Odd\xc2\x85Name { function run(\$f) { \$f(); } }");

$srv = serve(function (Swoole\Server $server) use ($long) {
    $server->set(['worker_num' => 1, 'request_slowlog_file' => tmp('slow'), 'request_slowlog_timeout' => 0.1]);
    $server->on('receive', function ($server, $fd, $reactor, $data) use ($long) {
        $anonymous = new class {
            function wait()
            {
                flock(fopen(tmp('lock'), 'c'), LOCK_EX);
            }
        };
        $long::run(fn () => (new ("Odd\xc2\x85Name"))->run(fn () => $anonymous->wait()));
        $server->send($fd, 'x');
    });
});
$lock = fopen(tmp('lock'), 'c');
flock($lock, LOCK_EX);
$client = $srv->connect()->write('go');
$log = eventually(function () {
    $log = (string) @file_get_contents(tmp('slow'));
    return str_contains($log, 'Swoole\Server->start()') ? $log : false;
}, 'a backtrace in the slow log');
flock($lock, LOCK_UN);
same('x', $client->read(1));
contains('class@anonymous->wait() at ', $log);
ok(!str_contains($log, "\0"), 'no zero byte');
matches('/#\d+ Longo{4092}…::run\(\) at /', $log);
matches('/#\d+ Odd\?Name->run\(\) at /', $log);
$srv->stop();
