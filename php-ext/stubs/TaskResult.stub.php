<?php

namespace Swoole\Server;

/** Second argument of onFinish where the option event_object is set. */
class TaskResult
{
    /** the task's number, as task() gave it */
    public int $task_id = 0;
    /** number of the task worker that answered */
    public int $task_worker_id = 0;
    /** when it answered, seconds since 1970 */
    public float $dispatch_time = 0.0;
    /** the answer */
    public mixed $data = null;
}
