<?php
declare(strict_types=1);

/**
 * Lets the test run `actions` in a worker: Srv::call('name', 1, 2) gives what $actions['name']($server, 1, 2)
 * returned there. Values of every kind go both ways.
 */
function offers(Swoole\Server $server, array $actions): void
{
    $server->set(['worker_num' => 1, 'open_length_check' => true, 'package_max_length' => 1 << 28]);
    $server->on('receive', function ($server, $fd, $reactor, $package) use ($actions) {
        [$name, $arguments] = unserialize(substr($package, 4));
        try {
            $result = ['gave', $actions[$name]($server, ...$arguments)];
        } catch (Throwable $thrown) {
            $result = ['threw', (string) $thrown];
        }
        $answer = serialize($result);
        $server->send($fd, pack('N', strlen($answer)) . $answer);
    });
}

/** A task worker's answer when it is wanted: `text` and the number of the task worker, from 0. */
function byTaskWorker(Swoole\Server $server, string $text): string
{
    return $text . ' by ' . ($server->worker_id - $server->setting['worker_num']);
}

/** Begins an action of offers(); resultOf() waits for it. */
function begin(Srv $srv, string $name, mixed ...$arguments): Client
{
    $call = serialize([$name, $arguments]);
    return $srv->connect()->write(pack('N', strlen($call)) . $call);
}

/** What an action returned. */
function resultOf(Client $client, float $timeout = PATIENCE): mixed
{
    $length = unpack('N', $client->read(4, $timeout))[1];
    [$how, $value] = unserialize($client->read($length, $timeout));
    $client->close();
    return $how === 'gave' ? $value : throw new Failed("an action threw $value");
}

/** Runs an action that fails with a warning; gives [what it returned, its warning, getLastError()]. */
function refused(Swoole\Server $server, callable $action): array
{
    [$result, $messages] = warnings($action);
    return [$result, implode("\n", $messages), $server->getLastError()];
}

/** The files of tasks and messages in that directory. */
function taskFiles(string $directory): array
{
    return glob("$directory/swoole.task.*");
}

/** A file is removed a moment after its task is done. */
function awaitNoTaskFiles(string $directory): void
{
    eventually(fn () => taskFiles($directory) === [], "no file of a task is left in $directory");
}

/** Pids of the task workers and workers, by number. */
function pids(Srv $srv, int $count): array
{
    return array_map(fn ($id) => $srv->worker($id), range(0, $count - 1));
}
