<?php
// taskWaitMulti() that ends in an exception of __unserialize() lets go of the answers it had already read, and the exception reaches its caller.
require __DIR__ . '/../../support/php/bootstrap.php';

final class Good
{
    public function __unserialize(array $data): void
    {
    }

    public function __serialize(): array
    {
        return [1];
    }

    public function __destruct()
    {
        note('gone', basename(__FILE__));
        throw new LogicException('thrown by a destructor');
    }
}

final class Bad
{
    public function __unserialize(array $data): void
    {
        throw new RuntimeException('cannot be read');
    }

    public function __serialize(): array
    {
        return [1];
    }
}

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1, 'task_worker_num' => 1]);
    $server->on('task', function ($server, $id, $source, $data) {
        $server->finish($data === 'good' ? new Good : new Bad);
    });
    offers($server, ['multi' => function ($server) {
        try {
            $server->taskWaitMulti(['good', 'bad'], 10);
            return 'nothing thrown';
        } catch (LogicException $e) {
            return [$e->getMessage(), $e->getPrevious()?->getMessage()];
        }
    }]);
});
$srv->allow('/thrown by a destructor/');
same(['thrown by a destructor', 'cannot be read'], $srv->call('multi'));
$srv->stop();
