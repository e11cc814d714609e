<?php
// ssl_protocols and ssl_ciphers: what is not allowed gets no connection; what cannot be had is said in the log.
require __DIR__ . '/../../support/php/bootstrap.php';

$files = (new Authority())->issue();
$srv = serve(function (Swoole\Server $server) use ($files) {
    $server->set($files);
    $settings = [
        ['ssl_protocols' => SWOOLE_SSL_TLSv1_2],
        ['ssl_protocols' => SWOOLE_SSL_TLSv1_3],
        ['ssl_ciphers' => 'ECDHE-ECDSA-AES256-GCM-SHA384:AES128-SHA', 'ssl_protocols' => SWOOLE_SSL_TLSv1 | SWOOLE_SSL_TLSv1_2],
        ['ssl_method' => SWOOLE_TLSv1_2_METHOD, 'ssl_dhparam' => '/nowhere', 'ssl_compress' => true],
    ];
    foreach ($settings as $more) {
        $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP | SWOOLE_SSL)->set($files + $more);
    }
    echoes($server);
}, type: SWOOLE_SOCK_TCP | SWOOLE_SSL);

/** What openssl(1) agrees on with a port. */
function agreed(int $port, string $version, string $ciphers = 'DEFAULT'): string
{
    [, $printed] = command(['openssl', 's_client', '-connect', "127.0.0.1:$port", "-$version", '-cipher', $ciphers, '-brief'], input: 'Q');
    preg_match('/^Protocol version: (.*)$/m', $printed, $protocol);
    preg_match('/^Ciphersuite: (.*)$/m', $printed, $cipher);
    return trim(($protocol[1] ?? 'none') . ' ' . ($cipher[1] ?? ''));
}
[$both, $old, $new, $one, $byMethod] = array_column($srv->ports, 1);
same('TLSv1.3 TLS_AES_128_GCM_SHA256', agreed($both, 'tls1_3'));
same('TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256', agreed($both, 'tls1_2'));
same('none', agreed($both, 'tls1_1', 'DEFAULT@SECLEVEL=0'));
same('TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256', agreed($old, 'tls1_2'));
same('none', agreed($old, 'tls1_3'));
same('none', agreed($new, 'tls1_2'));
same('TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384', agreed($one, 'tls1_2'));
same('none', agreed($one, 'tls1_2', 'ECDHE-ECDSA-AES128-GCM-SHA256'));
same('none', agreed($byMethod, 'tls1_3'));
$srv->expect('/AES128-SHA has no effect: rustls has no such suite/');
$srv->expect('/TLS 1.0 was asked for and is left out/');
$srv->expect('/"ssl_dhparam" has no effect/');
$srv->expect('/compression was asked for/');
$srv->stop();
