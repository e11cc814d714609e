<?php
// examples/php/https_server.php and wss_server.php do what their heads say.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $said] = command(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext',
    'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', tmp('key.pem'), '-out', tmp('cert.pem')]);
same(0, $code, $said);
$files = ['SWOOLE_CERT' => tmp('cert.pem'), 'SWOOLE_KEY' => tmp('key.pem')];
$curl = fn (string ...$arguments) => command(['curl', '-sS', '--cacert', tmp('cert.pem'), ...$arguments]);

$srv = serveExample('https_server', [...$files, 'SWOOLE_TLS_PORT' => $port = freePort()]);
same([0, "nobody has read /a on the way\n"], $curl('-L', "http://127.0.0.1:$srv->port/a?b=c"));
same([0, "nobody has read /a on the way\n200 308"], $curl('-w', '%{http_code} ', "https://localhost:$port/a", '--next', '-sS', '-o', '/dev/null', '-w', '%{http_code}', "http://127.0.0.1:$srv->port/a"));
$srv->stop();

$srv = serveExample('wss_server', $files);
eventually(function () use ($srv) {
    $names = array_map(fn ($pid) => strtok((string) @file_get_contents("/proc/$pid/cmdline"), "\0"), [$srv->pid, ...$srv->children()]);
    sort($names);
    return $names === ['wss_server: event worker 0', 'wss_server: event worker 1', 'wss_server: manager', 'wss_server: master', 'wss_server: task worker 2'];
}, 'processes have their names');
[$code, $said] = script(<<<PHP
    \$client = new swoole_http_client('localhost', $srv->port, true);
    \$client->set(['ssl_cafile' => '{$files['SWOOLE_CERT']}']);
    \$client->on('message', function (\$client, \$frame) { echo \$frame->data; \$client->close(); });
    \$client->upgrade('/', fn (\$client) => \$client->statusCode === 101 ? \$client->push('hi') : print("\$client->statusCode \$client->errMsg"));
    PHP);
same([0, '["hello","world"]'], [$code, $said]);
$srv->expect('/client 1 is gone/');
$srv->stop();
