<?php

/** Declared contract of the extension `swoole`, for IDEs and readers; `check.php` holds the built extension to it. */

namespace Swoole;

/**
 * A TCP, UDP and Unix-socket server. The classic name `swoole_server` is the same class.
 *
 * One process can have one server. Configure it, set callbacks, then call start(), which comes back
 * when the server has shut down. Methods that fail answer false and set the number that
 * getLastError() gives; mistakes of the script raise E_WARNING too.
 */
class Server
{
    /** what was given to set(), merged */
    public ?array $setting = null;
    /** the open connections: foreach gives session ids, count() their number, isset($c[$fd]) whether one is open */
    public ?\Swoole\Connection\Iterator $connections = null;
    /** host or path of the primary port */
    public string $host = '';
    /** the primary port's number; the real one, if 0 was asked for */
    public int $port = 0;
    /** SWOOLE_SOCK_* of the primary port */
    public int $type = 0;
    public bool $ssl = false;
    /** SWOOLE_PROCESS or SWOOLE_BASE */
    public int $mode = 0;
    /** @var \Swoole\Server\Port[]|null the listening ports, the primary one first */
    public ?array $ports = null;
    /** process id of the master; 0 before start() */
    public int $master_pid = 0;
    public int $manager_pid = 0;
    /** number of this worker, task worker or user process, counted in this order from 0; -1 in other processes */
    public int $worker_id = -1;
    /** whether this process is a task worker */
    public bool $taskworker = false;
    public int $worker_pid = 0;
    /** not used by this build; scripts of other builds keep a timer here */
    public mixed $stats_timer = null;

    // The callbacks set with on(); change them with on(), not here.
    public mixed $onStart = null;
    public mixed $onBeforeShutdown = null;
    public mixed $onShutdown = null;
    public mixed $onManagerStart = null;
    public mixed $onManagerStop = null;
    public mixed $onWorkerStart = null;
    public mixed $onWorkerStop = null;
    public mixed $onWorkerExit = null;
    public mixed $onWorkerError = null;
    public mixed $onBeforeReload = null;
    public mixed $onAfterReload = null;
    public mixed $onConnect = null;
    public mixed $onReceive = null;
    public mixed $onPacket = null;
    public mixed $onClose = null;
    public mixed $onBufferFull = null;
    public mixed $onBufferEmpty = null;
    public mixed $onTask = null;
    public mixed $onFinish = null;
    public mixed $onPipeMessage = null;
    public mixed $onTimer = null;
    public mixed $onRequest = null;
    public mixed $onHandshake = null;
    public mixed $onBeforeHandshakeResponse = null;
    public mixed $onOpen = null;
    public mixed $onMessage = null;
    public mixed $onDisconnect = null;

    /**
     * Binds the primary port.
     *
     * @param string $host address, host name, or path of a Unix socket
     * @param int $port 0 takes a free one, shown by $port
     * @param int $mode SWOOLE_PROCESS or SWOOLE_BASE
     * @throws \Swoole\Exception if it cannot be bound, or this process has a server already
     * @throws \Error outside PHP's command line
     */
    public function __construct(
        string $host = '0.0.0.0',
        int $port = 0,
        int $mode = SWOOLE_PROCESS,
        int $sock_type = SWOOLE_SOCK_TCP,
    ) {}

    public function __destruct() {}

    /** Binds a further port, which has settings and callbacks of its own. False with a warning if it cannot be bound. */
    public function listen(string $host, int $port, int $sock_type): \Swoole\Server\Port|false {}

    /** The same as listen(). */
    public function addlistener(string $host, int $port, int $sock_type): \Swoole\Server\Port|false {}

    /** Sets the callback for an event; its name in any letter case. Before start() only. */
    public function on(string $event_name, callable $callback): bool {}

    /** The same as on(). */
    public function handler(string $event_name, callable $callback): bool {}

    /** The callback as it was given to on(), or null. */
    public function getCallback(string $event_name): \Closure|array|string|null {}

    /** Sets options. False if a value was not taken, and start() refuses then; an unknown option is only warned of. */
    public function set(array $settings): bool {}

    /**
     * Runs the server. True when it has shut down; false with a warning if it cannot start.
     * The processes it forks end inside: the script goes on in the first process only.
     */
    public function start(): bool {}

    /**
     * Sends to a connection, from any worker. Where $fd is a path, sends a datagram to that Unix
     * socket, through $serverSocket if given.
     */
    public function send(string|int $fd, string $send_data, int $serverSocket = -1): bool {}

    /** Sends a datagram. $server_socket: the descriptor of one of this server's datagram ports, -1 for the first that fits. */
    public function sendto(string $ip, int $port, string $send_data, int $server_socket = -1): bool {}

    /** Sends and comes back when the kernel has taken everything. */
    public function sendwait(int $conn_fd, string $send_data): bool {}

    /** Sends a part of a file; $length 0 means to its end. */
    public function sendfile(int $conn_fd, string $filename, int $offset = 0, int $length = 0): bool {}

    /** Whether a connection is open. */
    public function exists(int $fd): bool {}

    /** The same as exists(). */
    public function exist(int $fd): bool {}

    /** Exempts a connection from the heartbeat, or no longer. */
    public function protect(int $fd, bool $is_protected = true): bool {}

    /** Closes a connection; what is queued is sent first, unless $reset. */
    public function close(int $fd, bool $reset = false): bool {}

    /** Begins reading from a connection that enable_delay_receive holds. */
    public function confirm(int $fd): bool {}

    /** Stops reading from a connection. */
    public function pause(int $fd): bool {}

    /** Reads from it again. */
    public function resume(int $fd): bool {}

    /** Ties a number of yours to a connection, once; dispatch mode 5 goes by it. */
    public function bind(int $fd, int $uid): bool {}

    /** The sessions that are silent for longer than heartbeat_idle_time; closes them unless told not to. False without a heartbeat. */
    public function heartbeat(bool $ifCloseConnection = true): array|false {}

    /** The same as heartbeat(), with the name that its argument has in the classic API: whether to close them. */
    public function hbcheck(bool $reactor_id = true): array|false {}

    /** What is known about a connection; with $ignoreError also of one that is closed and whose close event is still to come. */
    public function getClientInfo(int $fd, int $reactor_id = -1, bool $ignoreError = false): array|false {}

    /** The same as getClientInfo(). */
    public function connection_info(int $fd, int $reactor_id = -1, bool $ignoreError = false): array|false {}

    /** Up to $find_count (at most 100) open sessions behind $start_fd; false if there are none. */
    public function getClientList(int $start_fd = 0, int $find_count = 10): array|false {}

    /** The same as getClientList(). */
    public function connection_list(int $start_fd = 0, int $find_count = 10): array|false {}

    /**
     * Gives $data to a task worker, as the event task there, and goes on. A string travels as it is, anything else as
     * serialize() writes it. Answers come as the event finish, or go to $finishCallback(server, task id, data). In a
     * task worker $finishCallback is required.
     *
     * @param int $taskWorkerIndex counts task workers from 0; -1 is whoever is free first
     * @return int|false the task's number in this process, from 0; false when the queue is full (SWOOLE_ERROR_QUEUE_FULL),
     *                   and with a warning when there are no task workers or none of that number
     * @throws \Exception PHP's own, where $data cannot be serialized
     */
    public function task(mixed $data, int $taskWorkerIndex = -1, ?callable $finishCallback = null): int|false {}

    /**
     * Gives a task and waits for its first answer; this worker does nothing else meanwhile. False when none came within
     * $timeout seconds (SWOOLE_ERROR_TASK_TIMEOUT), at once if the task ended without one; a late answer is dropped.
     */
    public function taskwait(mixed $data, float $timeout = 0.5, int $taskWorkerIndex = -1): mixed {}

    /**
     * Gives up to 1024 tasks and waits for all of them. The answers have the keys of $tasks; a task without an answer in time
     * is missing among them, and getLastError() is SWOOLE_ERROR_TASK_TIMEOUT then.
     */
    public function taskWaitMulti(array $tasks, float $timeout = 0.5): array|false {}

    /** Answers the task that is being done; more than once if need be. A value that onTask returns, other than null, is an answer too. */
    public function finish(mixed $data): bool {}

    /**
     * Sends to another worker, task worker or user process, numbered as $worker_id; the event pipeMessage there. From any
     * process. False when that process's mailbox is full (SWOOLE_ERROR_QUEUE_FULL).
     */
    public function sendMessage(mixed $message, int $dst_worker_id): bool {}

    /**
     * Calls $callback(...$params) once, in this process, after $ms milliseconds: 1 to 86400000. The timer's number; false
     * with a warning outside the server's callbacks.
     */
    public function after(int $ms, callable $callback, mixed ...$params): int|false {}

    /** Calls $callback(timer's number, ...$params) every $ms milliseconds. What it throws is reported, and the timer goes on. */
    public function tick(int $ms, callable $callback, mixed ...$params): int|false {}

    /** Takes a timer of this process away, also inside its own callback. False if there is none of that number. */
    public function clearTimer(int $timer_id): bool {}

    /** Calls $callback() in this process when the present callback, and whatever else is due, is over. */
    public function defer(callable $callback): bool {}

    /** Calls onTimer(server, $interval) every $interval milliseconds in this process, which can have one such timer of each interval. */
    public function addtimer(int $interval): bool {}

    /** Ends the timer of that interval. False if there is none. */
    public function deltimer(int $interval): bool {}

    /** @return int[] the intervals of this process's timers of addtimer() */
    public function gettimer(): array {}

    /**
     * Adds a process of the script's own: forked with the server, kept alive, reloaded and stopped with it. Before start() only. Its index
     * among those added, from 0; false with a warning if it was added before or the server runs.
     */
    public function addProcess(\Swoole\Process $process): int|false {}

    /** Replaces workers, task workers and user processes, or only the task workers, one after another. */
    public function reload(bool $only_reload_taskworker = false): bool {}

    public function shutdown(): bool {}

    /** Lets a worker, task worker or user process leave when it has done what is under way; it is replaced. -1 is this one. */
    public function stop(int $workerId = -1, bool $waitEvent = false): bool {}

    /**
     * Counters of the server and, named worker_*, of the asking worker. Under `workers` a list with an array for each worker,
     * task worker and user process: id, pid, type ("event", "task" or "user"), status (SWOOLE_WORKER_*), requests, responses,
     * busy_time (seconds it did not sleep), busy_for (seconds its present callback has been running), queue_depth, ring_used,
     * ring_capacity (bytes), tasking (tasks it gave that are not done), restarts.
     */
    public function stats(): array {}

    /** Number of the last error: a SWOOLE_ERROR_* or an errno; swoole_strerror() gives its text. */
    public function getLastError(): int {}

    /** This worker's number; false in other processes. */
    public function getWorkerId(): int|false {}

    /** Process id of a worker; -1 is this one. */
    public function getWorkerPid(int $worker_id = -1): int|false {}

    /** SWOOLE_WORKER_BUSY, _IDLE or _EXIT of a worker; -1 is this one. */
    public function getWorkerStatus(int $worker_id = -1): int|false {}

    public function getManagerPid(): int {}

    public function getMasterPid(): int {}

    /** The listening socket of the port with that number (0: the primary one). Needs PHP's sockets extension. */
    public function getSocket(int $port = 0): \Socket|false {}
}
