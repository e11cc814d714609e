<?php
// open_tcp_nodelay, open_tcp_keepalive with its times, tcp_user_timeout, kernel buffers: seen in a connection's socket.
// php: -d extension=ffi -d ffi.enable=1
require __DIR__ . '/../../support/php/bootstrap.php';

const OPTIONS = ['nodelay' => [6, 1], 'user_timeout' => [6, 18], 'keepalive' => [1, 9], 'idle' => [6, 4], 'interval' => [6, 5], 'count' => [6, 6]];
function options(int $fd): array
{
    $libc = FFI::cdef('int getsockopt(int, int, int, int *, unsigned *);');
    return array_map(function ($option) use ($libc, $fd) {
        [$value, $length] = [$libc->new('int'), $libc->new('unsigned')];
        $length->cdata = 4;
        $libc->getsockopt($fd, ...[...$option, FFI::addr($value), FFI::addr($length)]);
        return $value->cdata;
    }, OPTIONS);
}
$srv = serve(function (Swoole\Server $server) {
    $server->set(['open_tcp_nodelay' => true, 'open_tcp_keepalive' => true, 'tcp_keepidle' => 40, 'tcp_keepinterval' => 7,
        'tcp_keepcount' => 3, 'tcp_user_timeout' => 9000]);
    echoes($server);
    // Only the process that owns the socket can look at it: in PROCESS mode that is the master, where dispatch_func runs.
    $look = fn ($server, $fd) => note('options', options($server->getClientInfo($fd)['socket_fd']));
    if (base()) {
        $server->on('connect', $look);
    } else {
        $server->set(['dispatch_func' => function ($server, $fd, $type, $data) use ($look) {
            $look($server, $fd);
            return 0;
        }]);
    }
});
same('x', $srv->connect()->ask('x'));
[$options] = $srv->await('options');
same(1, $options['nodelay']);
same(9000, $options['user_timeout']);
same([1, 40, 7, 3], [$options['keepalive'], $options['idle'], $options['interval'], $options['count']]);
$srv->stop();
