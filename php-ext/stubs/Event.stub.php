<?php

namespace Swoole\Server;

/** Second argument of onConnect, onReceive and onClose where the option event_object is set. */
class Event
{
    public int $reactor_id = 0;
    /** the session id */
    public int $fd = 0;
    /** seconds since 1970 */
    public float $dispatch_time = 0.0;
    /** what was received; null in onConnect and onClose */
    public ?string $data = null;
}
