<?php

namespace Swoole;

/**
 * A process of your own, with a pipe to it. The classic name `swoole_process` is the same class.
 *
 * Give it to Server::addProcess(): the server forks it, calls its callback there, and forks it again when it has ended. The pipe is made
 * in the constructor: the process itself uses one end of it, all other processes of the server the other.
 */
class Process
{
    // for message queues and for parts of a pipe
    public const IPC_NOWAIT = 256;
    public const PIPE_MASTER = 1;
    public const PIPE_WORKER = 2;
    public const PIPE_READ = 3;
    public const PIPE_WRITE = 4;

    // kinds of pipes: none, bytes without borders, messages
    public const PIPE_TYPE_NONE = 0;
    public const PIPE_TYPE_STREAM = 1;
    public const PIPE_TYPE_DGRAM = 2;

    /** descriptor of the end of the pipe that this PHP process uses; null without a pipe */
    public ?int $pipe = null;
    public ?int $msgQueueId = null;
    public ?int $msgQueueKey = null;
    /** the process's id; known in the process itself */
    public ?int $pid = null;
    /** its number among the server's workers, as $server->worker_id; known in the process itself */
    public ?int $id = null;

    /**
     * @param callable $callback function (Process $process): what it does; when it returns, the process ends as soon as its event loop has
     *     nothing left to wait for
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

    /**
     * Writes all of $data to the pipe and waits while it is full. Its length; false if it cannot be written: it is longer than a datagram
     * may be, or the other end is gone.
     */
    public function write(string $data): int|false {}

    /**
     * Waits for something in the pipe: one whole datagram, however long, or up to $size bytes of a stream. '' when a stream has ended.
     * Signal handlers set without restart run meanwhile.
     */
    public function read(int $size = 8192): string|false {}

    /**
     * Calls $callback(int $signal_no) from the event loop of the running process when that signal arrives; several that arrive together are told once. It
     * keeps the loop of a script from ending until it is taken away: null gives the signal back to the system. False with a warning for what is no signal,
     * cannot be caught, or is the server's own in this process.
     */
    public static function signal(int $signal_no, ?callable $callback = null): bool {}
}
