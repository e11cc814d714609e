<?php
// With the third argument the client speaks TLS: certificates are verified where that is asked for, and WebSockets go over it too.
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/http_servers.php';

[$certificate, $key] = [tmp('cert.pem'), tmp('key.pem')];
$private = openssl_pkey_new(['private_key_bits' => 2048]);
file_put_contents(tmp('openssl.cnf'), "[req]\ndistinguished_name=dn\n[dn]\n[v3]\nsubjectAltName=DNS:localhost\nbasicConstraints=CA:TRUE\n");
$options = ['config' => tmp('openssl.cnf'), 'x509_extensions' => 'v3', 'digest_alg' => 'sha256'];
$request = openssl_csr_new(['commonName' => 'localhost'], $private, $options);
openssl_x509_export_to_file(openssl_csr_sign($request, null, $private, 2, $options), $certificate);
openssl_pkey_export_to_file($private, $key);

$srv = serve(function (Swoole\WebSocket\Server $server) use ($certificate, $key) {
    $server->set(['ssl_cert_file' => $certificate, 'ssl_key_file' => $key]);
    $server->on('request', fn ($request, $response) => $response->end("over TLS: {$request->rawContent()}"));
    $server->on('message', fn ($server, $frame) => $server->push($frame->fd, strrev($frame->data)));
}, type: SWOOLE_SOCK_TCP | SWOOLE_SSL, class: Swoole\WebSocket\Server::class);
$client = new Swoole\Http\Client('localhost', $srv->port, true);
$client->set(['timeout' => PATIENCE, 'ssl_verify_peer' => true, 'ssl_cafile' => $certificate]);
same([200, 'over TLS: '], outcome($client, fn ($client, $done) => $client->get('/', $done)));
file_put_contents(tmp('upload'), str_repeat('x', 1 << 20));
$client->addFile(tmp('upload'), 'file');
$client->setMethod('POST');
[$status, $body] = outcome($client, fn ($client, $done) => $client->execute('/', $done));
same([200, true], [$status, strlen($body) > 1 << 20]);
$heard = [];
$client->on('message', function ($client, $frame) use (&$heard) {
    $heard[] = $frame->data;
    $client->close();
});
same(101, outcome($client, fn ($client, $done) => $client->upgrade('/', function ($client) use ($done) {
    $done($client);
    $client->push('hello');
}))[0]);
same(['olleh'], $heard);
$client = new Swoole\Http\Client('localhost', $srv->port, true);
$client->set(['timeout' => PATIENCE, 'ssl_verify_peer' => true]);
same(-1, outcome($client, fn ($client, $done) => $client->get('/', $done))[0], 'nobody has signed this certificate whom we trust');
same(SWOOLE_ERROR_SSL_VERIFY_FAILED, $client->errCode, $client->errMsg);
$srv->allow('/TLS|tls|certificate|handshake/i');
$srv->stop();
