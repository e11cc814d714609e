<?php

namespace Swoole;

/**
 * A process of your own, and the ways to talk to it: a pipe, which is made with the object, and a message queue. The classic name
 * `swoole_process` is the same class.
 *
 * start() forks it. Or give it to Server::addProcess(): the server forks it, and forks it again when it has ended. Or it is a worker of a pool,
 * see Process\Pool::getProcess().
 *
 * The process calls its function, then runs its event loop until that is empty, and then ends as a script ends: shutdown functions and destructors run, those
 * that its parent had when it was started as well. No line of the parent's script that comes after start() runs in it, wherever that was called. It has a loop of
 * its own, begins without its parent's timers, descriptors and handlers of Process::signal(), and prints nothing of what its parent had in output buffers.
 * Its exit code is 0, that of exit(), or 255 after a fatal error or an exception that nothing has caught, which is reported as PHP reports it.
 */
class Process
{
    /** with a mode of useQueue(): push() and pop() do not wait */
    public const IPC_NOWAIT = 256;

    // what close() closes: the parent's end of the pipe, the process's own, or one direction
    public const PIPE_MASTER = 1;
    public const PIPE_WORKER = 2;
    public const PIPE_READ = 3;
    public const PIPE_WRITE = 4;

    // kinds of pipes: none, bytes without borders, messages
    public const PIPE_TYPE_NONE = 0;
    public const PIPE_TYPE_STREAM = 1;
    public const PIPE_TYPE_DGRAM = 2;

    /** descriptor of the end of the pipe that this PHP process uses; null without a pipe, and once it is closed */
    public ?int $pipe = null;
    /** the message queue's number in the system */
    public ?int $msgQueueId = null;
    /** its key; 0: it has none */
    public ?int $msgQueueKey = null;
    /** the process's id: after start(), in the process itself, and for workers of a pool */
    public ?int $pid = null;
    /**
     * which of the script's processes it is, from 0, once it is started; in a server's its number as $server->worker_id, known in the process itself; its
     * number in the pool
     */
    public ?int $id = null;

    /**
     * @param callable $callback function (Process $process): what it does
     * @param bool $redirect_stdin_and_stdout its standard input and output are the pipe, which is a stream then; its warnings and, without
     *     log_file, its lines of the log go there too
     * @param int $pipe_type a PIPE_TYPE_*
     * @param bool $enable_coroutine is accepted and changes nothing
     * @throws \Swoole\Exception for an unknown $pipe_type, or where no descriptor is left
     */
    public function __construct(
        callable $callback,
        bool $redirect_stdin_and_stdout = false,
        int $pipe_type = self::PIPE_TYPE_DGRAM,
        bool $enable_coroutine = false,
    ) {}

    public function __destruct() {}

    /** Accepts 'enable_coroutine', which changes nothing, and warns of any other key. */
    public function set(array $settings): void {}

    /**
     * Forks the process. Its id; false with a warning if that failed, if it was started before, or if a server or a pool starts it. In the process itself this does
     * not return. Who starts processes waits for them, with wait().
     */
    public function start(): int|bool {}

    /**
     * Ends the process, as `exit($exit_code)` does, wherever in it this is called: in its function, in a callback of its loop. Elsewhere it is a warning and nothing
     * else: an object stands for one process. A code that is not 0 to 255 is a warning, and ends the process with 1.
     */
    public function exit(int $exit_code = 0): void {}

    /**
     * The process becomes another program: $exec_file is its path, $args are its arguments, strings and numbers, without its name. Its standard streams and, with
     * redirection, the pipe stay. Returns only if that failed, or in another process than this object's: false with a warning.
     */
    public function exec(string $exec_file, array $args): bool {}

    /** Gives the running process a title, which ps shows. */
    public function name(string $process_name): bool {}

    /**
     * Writes all of $data to the pipe and waits while it is full. Its length; false if it cannot be written: it is longer than a datagram
     * may be, the time of setTimeout() is over, or the other end is gone.
     */
    public function write(string $data): int|false {}

    /**
     * Waits for something in the pipe: one whole datagram, however long, or up to $size bytes of a stream. '' when all others have closed the other end, or have
     * ended. False when the time of setTimeout() is over. Signal handlers set without restart run meanwhile.
     */
    public function read(int $size = 8192): string|false {}

    /** Closes the pipe, or the part $which, a PIPE_*, in this PHP process. False with a warning if it is closed. */
    public function close(int $which = 0): bool {}

    /** How many seconds write() and read() wait in this process before they answer false; 0 or less: as long as it takes. */
    public function setTimeout(float $seconds): bool {}

    /** Whether write() and read() wait at all in this process. */
    public function setBlocking(bool $blocking): bool {}

    /**
     * Gives the process a System V message queue, which lives until it is removed. To be called before start(), so that both sides have it.
     *
     * @param int $key which; one that does not exist is made. 0: that of the script's file, as ftok($script, chr(1)) gives; negative: a new one that nobody else finds
     * @param int $mode 2: whoever pops first gets a message; 1: the process of the object that it was pushed to. | Process::IPC_NOWAIT: nothing waits
     * @param int $capacity bytes in it at most; 0 or less: what the system allows
     */
    public function useQueue(int $key = 0, int $mode = 2, int $capacity = -1): bool {}

    /**
     * Pushes a message into the queue, and waits while it is full. False if it is full and nothing waits (swoole_last_error() is EAGAIN), or with a warning if
     * the message is empty or longer than the system's limit.
     */
    public function push(string $data): bool {}

    /** Pops a message, and waits for one. It comes whole, so $size changes nothing, but is 1 or more. False if there is none and nothing waits, or the queue was removed. */
    public function pop(int $size = 65536): string|false {}

    /** queue_num: messages in the queue; queue_bytes: their bytes. */
    public function statQueue(): array|false {}

    /** Removes the queue, with what is in it, for all processes. */
    public function freeQueue(): bool {}

    /**
     * Waits for a child process that has ended: ['pid' => its id, 'code' => its exit code, 'signal' => the signal that has killed it, or 0]. False if there are no
     * children (swoole_last_error() is ECHILD), or, without $blocking, if none has ended. Signal handlers set without restart run meanwhile.
     */
    public static function wait(bool $blocking = true): array|false {}

    /**
     * Calls $callback(int $signal_no) from the event loop of the running process when that signal arrives; several that arrive together are told once. It
     * keeps the loop of a script from ending until it is taken away: null gives the signal back to the system. False with a warning for what is no signal,
     * cannot be caught, or is the server's own in this process.
     */
    public static function signal(int $signal_no, ?callable $callback = null): bool {}

    /**
     * Sends this process a signal every $usec microseconds, SIGALRM ($type 0, by the clock), SIGVTALRM (1, by its computing) or SIGPROF (2, by that and what the system
     * does for it); handle it with signal(). 0 or less ends that.
     */
    public static function alarm(int $usec, int $type = 0): bool {}

    /** Sends a signal. False with a warning if that failed; without, if signal 0 has found no such process. */
    public static function kill(int $pid, int $signal_no = SIGTERM): bool {}

    /**
     * Makes this process a daemon: a new session, no terminal, another id; its parent's process ends. What timers and descriptors were set is gone.
     *
     * @param bool $nochdir it stays in its directory, else it goes to /
     * @param bool $noclose its standard streams stay, else they are /dev/null
     * @param array $pipes streams or descriptors for its standard input, output and error, in this order; null: as $noclose says
     */
    public static function daemon(bool $nochdir = true, bool $noclose = true, array $pipes = []): bool {}

    /** The processors on which this process may run, by number from 0. */
    public static function setAffinity(array $cpu_settings): bool {}

    /** @return int[] */
    public static function getAffinity(): array {}

    /**
     * Sets how nice something is to others, from -20 to 19. $which is PRIO_PROCESS, PRIO_PGRP or PRIO_USER, $who its id; null: the process of this object, else the
     * group or the user of the running process.
     */
    public function setPriority(int $which, int $priority, ?int $who = null): bool {}

    public function getPriority(int $which, ?int $who = null): int|false {}
}
