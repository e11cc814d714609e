<?php

namespace Swoole\Process;

/**
 * Workers that a master process keeps alive: one that has ended is replaced, and one that keeps ending right after its start ever more slowly. The classic name
 * `swoole_process_pool` is the same class.
 *
 * SIGTERM or SIGINT to the master ends the pool, SIGUSR1 replaces the workers one after another. A worker leaves between two callbacks, and is killed if it takes
 * longer than max_wait_time. Workers end when the master is gone.
 *
 * A worker calls onWorkerStart, then onMessage for each message, and its event loop runs meanwhile. Without onMessage it ends, and is replaced, when onWorkerStart has
 * returned and its loop is empty. An exception that a callback throws is reported, and the worker goes on; exit() and a fatal error end it.
 */
class Pool
{
    /** the master's process id; -1 before the start */
    public int $master_pid = -1;
    /** in a worker its process id and its number, from 0; -1 elsewhere */
    public int $workerPid = -1;
    public int $workerId = -1;
    /** the process objects that getProcess() has given in this process, by worker; null before the first */
    public ?array $workers = null;
    /** false once this process was told to leave: by a signal, stop() or shutdown(). Ask in long loops. Both are the same */
    public bool $workerRunning = true;
    public bool $running = true;

    /**
     * @param int $worker_num how many workers
     * @param int $ipc_type how messages come to them: SWOOLE_IPC_NONE (not at all), SWOOLE_IPC_UNIXSOCK (sendMessage()), SWOOLE_IPC_MSGQUEUE (a System V queue, from
     *     which whoever is free takes the next; other programs push too) or SWOOLE_IPC_SOCKET (connections to listen(): messages are 4 bytes of
     *     length, big-endian, and so many bytes)
     * @param int $msgqueue_key the queue's key; 0: one of the pool's own
     * @param bool $enable_coroutine is accepted and changes nothing
     * @throws \Swoole\Exception for no workers, too many, or an unknown $ipc_type
     */
    public function __construct(
        int $worker_num,
        int $ipc_type = SWOOLE_IPC_NONE,
        int $msgqueue_key = 0,
        bool $enable_coroutine = false,
    ) {}

    public function __destruct() {}

    /**
     * Before start(): 'max_package_size' (bytes of the longest message, 2 MiB), 'max_wait_time' (seconds that a worker may take to leave, 3). 'enable_coroutine' and
     * 'enable_message_bus' are accepted and change nothing. A warning for any other key.
     */
    public function set(array $settings): void {}

    /**
     * Before start(): sets the callback for an event; upper and lower case are the same.
     *
     * Start (Pool $pool) and Shutdown (Pool $pool): in the master, when the workers are forked and when all have ended. WorkerStart (Pool $pool, int $worker_id)
     * and WorkerStop (Pool $pool, int $worker_id): in the worker. Message (Pool $pool, string $data): in the worker; not for SWOOLE_IPC_NONE.
     */
    public function on(string $name, callable $callback): bool {}

    /**
     * A worker as a process, the same object each time; -1 is this worker. What is written to it is a message for it. In the worker itself exit() and exec() work. Its pid is
     * up to date when it is asked for again. False with a warning if there is no such worker, or the pool is not started.
     */
    public function getProcess(int $work_id = -1): \Swoole\Process|false {}

    /** Listens, for SWOOLE_IPC_SOCKET: $host is an address, or unix:/path. False with a warning if that failed. */
    public function listen(string $host, int $port = 0, int $backlog = 2048): bool {}

    /**
     * Within onMessage of SWOOLE_IPC_SOCKET: answers. All that is written for one message is one answer, in the same form as messages, sent when the callback has returned;
     * the connection lives on.
     */
    public function write(string $data): bool {}

    /**
     * Sends a message to a worker, from any process of the pool; with SWOOLE_IPC_MSGQUEUE to whoever is free. Waits while there is no room, for a second at most, then it is
     * false. False with a warning if there is no such worker or the message is too long.
     */
    public function sendMessage(string $data, int $dst_worker_id): bool {}

    /**
     * The pool lets this worker go its own way and puts another in its place: it gets no more messages, is not stopped with the pool, and ends, after onWorkerStop, when its
     * callback has returned and its loop is empty.
     */
    public function detach(): bool {}

    /**
     * Runs the pool. Null in the master when it is over; false with a warning if it could not start: it was started before, a loop runs or holds something, there is neither
     * onWorkerStart nor onMessage. In a worker this does not return: the script ends there, as by exit().
     */
    public function start(): ?false {}

    /** Ends this worker after the present callback; it is replaced. In the master as shutdown(). */
    public function stop(): void {}

    /** Ends the pool, from any of its processes. Returns at once. */
    public function shutdown(): bool {}
}
