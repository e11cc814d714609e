<?php

namespace Swoole\Server;

/** Second argument of onPacket where the option event_object is set. */
class Packet
{
    /** descriptor of the listening socket, for sendto() */
    public int $server_socket = 0;
    public int $server_port = 0;
    /** seconds since 1970 */
    public float $dispatch_time = 0.0;
    /** the sender's address, or the path of its Unix socket */
    public ?string $address = null;
    /** the sender's port */
    public int $port = 0;
    public ?string $data = null;
}
