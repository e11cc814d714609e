<?php
// A session's ticket is good in every worker and in the workers after a reload, and not on a port that asks for certificates.
require __DIR__ . '/../../support/php/bootstrap.php';

$authority = new Authority();
$files = $authority->issue();
$srv = serve(function (Swoole\Server $server) use ($files, $authority) {
    $server->set($files + ['worker_num' => 4]);
    $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP | SWOOLE_SSL)->set($files + ['ssl_client_cert_file' => $authority->file]);
    $server->on('afterReload', fn () => note('reloaded'));
    echoes($server);
}, type: SWOOLE_SOCK_TCP | SWOOLE_SSL);
foreach (['tls1_2', 'tls1_3'] as $version) {
    $talk = function (array $more, string $ticket) use ($srv, $version) {
        $process = proc_open(['openssl', 's_client', '-connect', "127.0.0.1:{$srv->port}", "-$version", '-sess_out', $ticket, ...$more], [['pipe', 'r'], ['pipe', 'w'], ['file', '/dev/null', 'w']], $pipes);
        fwrite($pipes[0], "hello\n");
        $printed = '';
        while (!str_contains($printed, "\nhello") && ($line = fgets($pipes[1])) !== false) {
            $printed .= $line;
        }
        fclose($pipes[0]);
        stream_get_contents($pipes[1]);
        proc_close($process);
        return preg_match('/^(New|Reused), TLSv/m', $printed, $found) ? $found[1] : 'none';
    };
    $ticket = tmp("ticket-$version");
    same('New', $talk([], $ticket), $version);
    for ($n = 0; $n < 6; $n++) {
        same('Reused', $talk(['-sess_in', $ticket], tmp('another')), "$version, connection $n");
    }
    $reloads = count($srv->notes('reloaded'));
    $srv->signal(SIGUSR1);
    $srv->await('reloaded', $reloads + 1);
    same('Reused', $talk(['-sess_in', $ticket], tmp('another')), "$version after a reload");
    [, $printed] = command(['openssl', 's_client', '-connect', "127.0.0.1:{$srv->ports[1][1]}", "-$version", '-sess_in', $ticket], input: '');
    ok(!str_contains($printed, 'Reused, TLS'), 'a port that asks for certificates takes no tickets of another');
}
$srv->stop();
