<?php
// ssl_verify_peer of both clients: the authority, the name, ssl_host_name, ssl_allow_self_signed; without it any certificate is taken, and verifyPeerCert() tells afterwards.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$authority, $stranger] = [new Authority(), new Authority('Somebody else')];
$files = $authority->issue('DNS:localhost,IP:127.0.0.1,DNS:other.test');
[$selfKey, $selfCert] = [tmp('self.key'), tmp('self.pem')];
openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', $selfKey, '-out', $selfCert, '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-days', '2');
$peer = fn (array $files) => new Peer(function ($connection) use ($files) {
    stream_context_set_option($connection, ['ssl' => ['local_cert' => $files['ssl_cert_file'], 'local_pk' => $files['ssl_key_file']]]);
    if (encrypted($connection, server: true)) {
        fwrite($connection, fgets($connection));
    }
});
[$signed, $self] = [$peer($files), $peer(['ssl_cert_file' => $selfCert, 'ssl_key_file' => $selfKey])];
mkdir($directory = tmp('authorities'));
copy($authority->file, "$directory/one.pem");
$verify = ['ssl_verify_peer' => true];
$cases = [
    [$signed, [], 'hello'],
    [$signed, $verify + ['ssl_cafile' => $authority->file], 'hello'],
    [$signed, $verify + ['ssl_capath' => $directory], 'hello'],
    [$signed, $verify + ['ssl_cafile' => $stranger->file], SWOOLE_ERROR_SSL_VERIFY_FAILED],
    [$signed, $verify, SWOOLE_ERROR_SSL_VERIFY_FAILED],
    [$signed, $verify + ['ssl_cafile' => $authority->file, 'ssl_host_name' => 'other.test'], 'hello'],
    [$signed, $verify + ['ssl_cafile' => $authority->file, 'ssl_host_name' => 'third.test'], SWOOLE_ERROR_SSL_VERIFY_FAILED],
    [$signed, $verify + ['ssl_cafile' => '/nowhere'], SWOOLE_ERROR_SSL_CREATE_CONTEXT_FAILED],
    [$signed, $verify + ['ssl_cafile' => $stranger->file, 'ssl_allow_self_signed' => true], SWOOLE_ERROR_SSL_VERIFY_FAILED],
    [$self, $verify + ['ssl_cafile' => $authority->file], SWOOLE_ERROR_SSL_VERIFY_FAILED],
    [$self, $verify + ['ssl_cafile' => $selfCert], 'hello'],
    [$self, $verify + ['ssl_cafile' => $authority->file, 'ssl_allow_self_signed' => true], 'hello'],
];
foreach ($cases as $i => [$peer, $options, $wanted]) {
    $client = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_SSL);
    $client->set($options);
    [$connected, $said] = warnings(fn () => $client->connect('127.0.0.1', $peer->port, PATIENCE));
    if (is_int($wanted)) {
        same([false, $wanted], [$connected, $client->errCode], "case $i");
        contains('127.0.0.1', $said[0]);
    } else {
        same([true, []], [$connected, $said], "case $i");
        $client->send("hello\n");
        same("hello\n", $client->recv(), "case $i");
    }
}
$ends = [];
foreach ($cases as $i => [$peer, $options]) {
    $client = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_SSL, SWOOLE_SOCK_ASYNC);
    $client->set($options);
    $client->on('connect', fn ($client) => $client->send("hello\n"));
    $client->on('receive', function ($client, $data) use ($i, &$ends) {
        $ends[$i] = trim($data);
        $client->close();
    });
    $client->on('error', function ($client) use ($i, &$ends) {
        $ends[$i] = $client->errCode;
    });
    $client->on('close', fn () => null);
    if (warnings(fn () => $client->connect('127.0.0.1', $peer->port, PATIENCE))[0] === false) {
        $ends[$i] = $client->errCode;
    }
}
loop();
ksort($ends);
same(array_column($cases, 2), $ends);

$client = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_SSL);
$client->set(['ssl_cafile' => $authority->file]);
ok($client->connect('127.0.0.1', $self->port, PATIENCE), 'connected');
same('localhost', openssl_x509_parse($client->getPeerCert())['subject']['CN']);
same([false, SWOOLE_ERROR_SSL_VERIFY_FAILED], [warnings(fn () => $client->verifyPeerCert())[0], $client->errCode]);
same(true, $client->verifyPeerCert(true));
$plain = new Swoole\Client(SWOOLE_SOCK_TCP);
ok($plain->connect('127.0.0.1', $self->port, PATIENCE), 'connected');
same([false, SWOOLE_ERROR_SSL_NOT_READY], [warnings(fn () => $plain->getPeerCert())[0], $plain->errCode]);
