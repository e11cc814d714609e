<?php
// Keys as PKCS#8, PKCS#1 and SEC1, RSA, ECDSA and Ed25519, encrypted in the new way and the old, and a file with all in one.
// mode: BASE
require __DIR__ . '/../../support/php/bootstrap.php';

$authority = new Authority();
$keys = [];
foreach ([['RSA', 'rsa_keygen_bits:2048'], ['EC', 'ec_paramgen_curve:P-256'], ['EC', 'ec_paramgen_curve:P-384'], ['ED25519', null]] as $i => [$kind, $option]) {
    $keys[$i] = tmp("key-$i");
    openssl('genpkey', '-algorithm', $kind, ...($option ? ['-pkeyopt', $option] : []), ...['-out', $keys[$i]]);
}
[$rsa, $ec, $ec384, $ed] = array_map(fn ($key) => $authority->issue(key: $key), $keys);
$written = function (array $files, string ...$arguments) {
    static $n = 0;
    $file = tmp('written-' . ++$n);
    openssl(...[...$arguments, '-in', $files['ssl_key_file'], '-out', $file]);
    return ['ssl_key_file' => $file] + $files;
};
file_put_contents($all = tmp('all.pem'), file_get_contents($ec['ssl_key_file']) . file_get_contents($ec['ssl_cert_file']) . file_get_contents($authority->file));
$secret = ['ssl_passphrase' => 'secret'];
$cases = [
    $rsa, $ec, $ec384, $ed,
    $written($rsa, 'rsa', '-traditional'),
    $written($ec, 'ec'),
    $written($rsa, 'pkcs8', '-topk8', '-passout', 'pass:secret') + $secret,
    $written($ec, 'pkcs8', '-topk8', '-v2', 'aes-128-cbc', '-passout', 'pass:secret') + $secret,
    $written($ec, 'pkcs8', '-topk8', '-scrypt', '-passout', 'pass:secret') + $secret,
    $written($ec, 'pkcs8', '-topk8', '-v2', 'des3', '-passout', 'pass:secret') + $secret,
    $written($rsa, 'rsa', '-traditional', '-aes256', '-passout', 'pass:secret') + $secret,
    $written($ec, 'ec', '-aes128', '-passout', 'pass:secret') + $secret,
    ['ssl_cert_file' => $all, 'ssl_key_file' => $all],
];
$srv = serve(function (Swoole\Server $server) use ($cases) {
    $server->set($cases[0]);
    foreach (array_slice($cases, 1) as $files) {
        $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP | SWOOLE_SSL)->set($files);
    }
    echoes($server);
}, type: SWOOLE_SOCK_TCP | SWOOLE_SSL);
foreach ($srv->ports as $i => [, $port]) {
    $stream = secured($port, ['verify_peer' => true, 'cafile' => $authority->file, 'verify_peer_name' => true, 'peer_name' => 'localhost']);
    ok($stream !== false, "handshake of case $i");
    fwrite($stream, "hello\n");
    same("hello\n", fgets($stream), "case $i");
}
$srv->stop();
