<?php
/**
 * What every PHP test starts with. A test is about twenty lines:
 *
 *     require __DIR__ . '/../../support/php/bootstrap.php';
 *
 *     $srv = serve(function (Swoole\Server $server) {             // runs in a process of its own, then start()s
 *         $server->on('receive', function ($server, $fd, $reactor, $data) {
 *             note('receive', $data);                              // from any process of the server
 *             $server->send($fd, $data);
 *         });
 *     });
 *     same('hello', $srv->connect()->ask('hello'));
 *     same(['hello'], $srv->await('receive'));
 *     $srv->stop();
 *
 * It passed when it ends with code 0, left no process behind, and its servers wrote no warning that it
 * did not announce. tests/php/run.py runs it once in each server mode.
 */
declare(strict_types=1);

require __DIR__ . '/assert.php';
require __DIR__ . '/Client.php';
require __DIR__ . '/Srv.php';
require __DIR__ . '/calls.php';
require __DIR__ . '/peers.php';
require __DIR__ . '/together.php';
require __DIR__ . '/tables.php';
require __DIR__ . '/tls.php';
require __DIR__ . '/http.php';

/** How long anything is waited for before it counts as lost, in seconds. */
const PATIENCE = 15.0;

define('MODE', getenv('SWOOLE_TEST_MODE') === 'BASE' ? SWOOLE_BASE : SWOOLE_PROCESS);
define('TEST_DIR', getenv('SWOOLE_TEST_DIR') ?: (function () {
    $directory = sys_get_temp_dir() . '/swoole-test-' . getmypid();
    mkdir($directory);
    return $directory;
})());

function base(): bool
{
    return MODE === SWOOLE_BASE;
}

/** A path in this test's own directory, which is removed afterwards. */
function tmp(string $name): string
{
    return TEST_DIR . '/' . $name;
}

/**
 * Starts a server: `configure` gets it made and bound, sets what it wants, and must not start it.
 * Comes back when all workers and task workers have run their onWorkerStart.
 */
function serve(
    Closure $configure,
    string $host = '127.0.0.1',
    int $port = 0,
    int $type = SWOOLE_SOCK_TCP,
    ?int $mode = null,
    string $class = Swoole\Server::class,
): Srv {
    return serveScript(function () use ($configure, $host, $port, $type, $mode, $class) {
        $server = new $class($host, $port, $mode ?? MODE, $type);
        $server->set(['worker_num' => 2]);
        $configure($server);
        announce($server);
        $server->start();
    });
}

/** As serve(), for a script that makes its server by itself: it calls announce() just before start(). */
function serveScript(Closure $script, bool $daemon = false): Srv
{
    $srv = new Srv();
    $srv->fork(function () use ($script) {
        $script();
        note('returned');
    });
    $srv->awaitReady($daemon);
    return $srv;
}

/** Starts the program of a server as a manual has it, with a free port in the place of the one that it names (9501 and the like). */
function serveProgram(string $code): Srv
{
    $port = freePort();
    $file = tmp("program-$port.php");
    file_put_contents($file, "<?php\n" . preg_replace(['/^<\?php\n/', '/\b95\d\d\b/'], ['', (string) $port], $code));
    $srv = new Srv();
    $srv->fork(function () use ($file) {
        require $file;
        note('returned');
    });
    $srv->awaitPort($port, SWOOLE_SOCK_TCP);
    return $srv;
}

/** Runs a script of examples/php, told by its environment to take that port, and waits until the port is taken. */
function serveExample(string $name, array $environment = [], int $type = SWOOLE_SOCK_TCP): Srv
{
    $srv = new Srv();
    $port = freePort();
    $srv->fork(function () use ($name, $port, $environment) {
        foreach (['SWOOLE_PORT' => $port] + $environment as $variable => $value) {
            putenv("$variable=$value");
        }
        $argc = 1;
        require __DIR__ . "/../../../examples/php/$name.php";
        note('returned');
    });
    $srv->awaitPort($port, $type);
    return $srv;
}

/** Tells the test when this server is ready: call it between the last on() and start(). */
function announce(Swoole\Server $server): void
{
    $workerStart = $server->getCallback('workerStart');
    $server->on('workerStart', function ($server) use ($workerStart) {
        if ($workerStart !== null) {
            $workerStart(...func_get_args());
        }
        note('ready', $server->worker_id, $server->master_pid);
    });
    $start = $server->getCallback('start');
    $server->on('start', function ($server) use ($start) {
        note('started', $server->master_pid, $server->manager_pid);
        if ($start !== null) {
            $start($server);
        }
    });
    $ports = array_map(fn ($port) => [$port->host, $port->port, $port->type], $server->ports);
    $workers = $server->setting['worker_num'] + ($server->setting['task_worker_num'] ?? 0);
    note('listening', $ports, $workers, $server->mode === SWOOLE_BASE);
}

/** Lets a server send back what it receives. */
function echoes(Swoole\Server $server): void
{
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, $data));
}

/** Tells a client its session and its worker: "5 0\n". */
function whoAnswers(Swoole\Server $server, int $fd): void
{
    $server->send($fd, "$fd {$server->worker_id}\n");
}

/** Holds this process until the test made that file: a callback that takes its time. */
function holdFor(string $file): void
{
    while (!file_exists($file)) {
        usleep(1000);
    }
}

/** Leaves a note for the test: from the process that configures, the master, the manager or a worker. */
function note(string $name, mixed ...$arguments): void
{
    $line = json_encode([$name, getmypid(), $arguments], JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR);
    fwrite(Srv::$notebook, $line . "\n"); // appended in one write(2)
}

/** Runs `script` in a process of its own; gives [exit code (128 + number for a signal), what it printed]. */
function inChild(Closure $script, float $timeout = PATIENCE): array
{
    $srv = new Srv();
    $srv->fork($script);
    $code = $srv->wait($timeout);
    return [$code, $srv->output()];
}

/** A port that was free a moment ago, for the few tests that cannot take port 0. */
function freePort(): int
{
    $socket = stream_socket_server('tcp://127.0.0.1:0');
    return (int) explode(':', stream_socket_get_name($socket, false))[1];
}

/** Adds a line to a file, from whichever process. */
function addLine(string $file, string $line): void
{
    file_put_contents($file, "$line\n", FILE_APPEND);
}

/** The last forty lines of a text. */
function ending(string $text): string
{
    $lines = explode("\n", $text);
    return (count($lines) > 41 ? "...\n" : '') . implode("\n", array_slice($lines, -41));
}

set_error_handler(function (int $number, string $message, string $file, int $line) {
    if (error_reporting() & $number) {
        throw new ErrorException($message, 0, $number, $file, $line);
    }
    return false;
});
set_exception_handler(function (Throwable $thrown) {
    function_exists('swoole_event_exit') && @swoole_event_exit(); // what the test left in its loop must not run any more
    echo $thrown instanceof Failed ? $thrown->getMessage() : $thrown, "\n";
    foreach ($thrown->getTrace() as $frame) {
        if (isset($frame['file']) && !str_contains($frame['file'], '/support/')) {
            echo '  at ', basename($frame['file']), ':', $frame['line'], "\n";
        }
    }
    foreach (Srv::$all as $i => $srv) {
        echo "-- what server $i wrote:\n", ending($srv->output()), "-- its notes:\n", ending($srv->notebookText());
    }
    exit(1);
});
