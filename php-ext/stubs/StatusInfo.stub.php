<?php

namespace Swoole\Server;

/** Second argument of onWorkerError where the option event_object is set: how a worker ended. */
class StatusInfo
{
    public int $worker_id = 0;
    public int $worker_pid = 0;
    /** as wait(2) gave it */
    public int $status = 0;
    public int $exit_code = 0;
    /** the signal that ended it, or 0 */
    public int $signal = 0;
}
