<?php
// request_slowlog_file: functions, classes, files and lines of a worker that waits in a call, and of one that runs in circles.
require __DIR__ . '/../../support/php/bootstrap.php';

final class Job
{
    public static function start(string $what): void
    {
        (new self())->$what(); // line 9
    }

    private function waiting(): void
    {
        flock(fopen(tmp('lock'), 'c'), LOCK_EX); // line 14
    }

    private function circling(): void
    {
        for ($i = 0; true; ++$i) { // line 19
            $i %= 1000; // line 20
        }
    }
}

$lock = fopen(tmp('lock'), 'c');
flock($lock, LOCK_EX);
$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1, 'request_slowlog_file' => tmp('slow'), 'request_slowlog_timeout' => 0.1]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        Job::start($data); // line 30
        $server->send($fd, 'x');
    });
});
$logged = fn (string $wanted) => eventually(fn () => preg_match($wanted, (string) @file_get_contents(tmp('slow'))), "in the slow log: $wanted");
$outer = '#\d+ Job::start\(\) at \S+\.php:9\s+#\d+ \{closure\}\(\) at \S+\.php:30\s+#\d+ Swoole\\\\Server->start\(\) at \S+bootstrap\.php:\d+\s';

$client = $srv->connect()->write('waiting');
$logged("~\b{$srv->worker()}\b.*?#0 flock\(\) at \S+\.php:14\s+#1 Job->waiting\(\) at \S+\.php:14\s+{$outer}~s");
flock($lock, LOCK_UN);
same('x', $client->read(1));

$srv->connect()->write('circling');
$logged("~#0 Job->circling\(\) at \S+\.php:(19|20)\s+$outer~");
$srv->allow('/./');
posix_kill($srv->worker(), SIGKILL);
$srv->stop();
