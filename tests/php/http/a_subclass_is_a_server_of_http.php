<?php
// A class that extends the server speaks HTTP too; the classic names are the same classes.
require __DIR__ . '/../../support/php/bootstrap.php';

class Site extends swoole_http_server
{
    public function __construct(string $host, int $port, int $mode, int $type)
    {
        parent::__construct($host, $port, $mode, $type);
        $this->on('request', [$this, 'answer']);
    }

    public function answer(swoole_http_request $request, swoole_http_response $response): void
    {
        $response->end(get_class($request) . ' ' . get_class($response) . ' ' . ($this instanceof Swoole\Http\Server) . ($this instanceof Swoole\Server));
    }
}
$srv = serve(fn () => null, class: Site::class);
same('Swoole\Http\Request Swoole\Http\Response 11', fetch($srv, '/')->body);
$srv->stop();
