<?php

namespace Swoole\Server;

/** Second argument of onPipeMessage where the option event_object is set. */
class PipeMessage
{
    /** number of the worker that sent it; -1: master or manager */
    public int $source_worker_id = 0;
    /** the same, by its older name */
    public int $worker_id = 0;
    /** when it was sent, seconds since 1970 */
    public float $dispatch_time = 0.0;
    /** what was given to sendMessage() */
    public mixed $data = null;
}
