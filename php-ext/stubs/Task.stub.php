<?php

namespace Swoole\Server;

/**
 * Second argument of onTask where the option task_use_object (task_object) or event_object is set.
 *
 * It may be kept when onTask has returned, and answered later; the task is over when the object is gone.
 */
class Task
{
    /** what was given to task() */
    public mixed $data = null;
    /** when it was given, seconds since 1970 */
    public float $dispatch_time = 0.0;
    /** the task's number in the process that gave it */
    public int $id = -1;
    /** number of the worker that gave it; -1: a program outside the server */
    public int $worker_id = -1;
    /** bits of SWOOLE_TASK_* */
    public int $flags = 0;

    /** Answers the task; more than once if need be. */
    public function finish(mixed $data): bool {}

    /**
     * A task as a program outside may put it into the message queue of a server with task_ipc_mode 2 or 3, where the
     * message's type is the number of the task worker + 1 (mode 3: 1). Its answer goes nowhere.
     */
    public static function pack(mixed $data): string|false {}

    /** What was given to pack(); false with a warning if $data is not its result. */
    public static function unpack(string $data): mixed {}
}
