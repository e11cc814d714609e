<?php

namespace Swoole\Http;

/**
 * A server of HTTP/1.0 and HTTP/1.1. The classic name `swoole_http_server` is the same class.
 *
 * Set onRequest(Request $request, Response $response) in the place of onReceive. Ports that are added by listen() speak HTTP too, unless
 * set() was called on them.
 */
class Server extends \Swoole\Server
{
}
