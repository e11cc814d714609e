<?php
// start() refuses what cannot work, and says which option, which file and why. The port is not taken then.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$authority = new Authority();
$good = $authority->issue();
$other = $authority->issue();
[$encrypted, $garbage, $empty] = [tmp('encrypted.key'), tmp('garbage'), tmp('empty')];
openssl('pkcs8', '-topk8', '-in', $good['ssl_key_file'], '-out', $encrypted, '-passout', 'pass:secret');
file_put_contents($garbage, "-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n");
touch($empty);
$cases = [
    [[], '/no option "ssl_cert_file"/'],
    [['ssl_cert_file' => $good['ssl_cert_file']], '/no option "ssl_key_file"/'],
    [['ssl_cert_file' => '/nowhere.pem'] + $good, '/"ssl_cert_file": \/nowhere.pem: No such file/'],
    [['ssl_cert_file' => TEST_DIR] + $good, '/"ssl_cert_file": .*not a regular file/'],
    [['ssl_cert_file' => $empty] + $good, '/"ssl_cert_file": .*empty: there is no PEM block/'],
    [['ssl_cert_file' => $garbage] + $good, '/"ssl_cert_file": .*garbage: certificate 1 in it cannot be used/'],
    [['ssl_key_file' => $other['ssl_key_file']] + $good, '/"ssl_key_file": .*does not fit the first certificate in .*ssl_cert_file/'],
    [['ssl_key_file' => $good['ssl_cert_file']] + $good, '/"ssl_key_file": .*no private key/'],
    [['ssl_key_file' => $encrypted] + $good, '/"ssl_key_file": .*set ssl_passphrase/'],
    [['ssl_key_file' => $encrypted, 'ssl_passphrase' => 'wrong'] + $good, '/"ssl_key_file": .*ssl_passphrase does not fit/'],
    [['ssl_sni_certs' => ['a.test' => ['ssl_cert_file' => '/nowhere', 'ssl_key_file' => '/nowhere']]] + $good, '/ssl_sni_certs\[a.test\]\[ssl_cert_file\]": \/nowhere/'],
    [['ssl_protocols' => SWOOLE_SSL_TLSv1] + $good, '/"ssl_protocols": TLS 1.0 was asked for.*TLS 1.2 and TLS 1.3/'],
    [['ssl_method' => SWOOLE_SSLv3_METHOD] + $good, '/"ssl_method": SSLv3 was asked for/'],
    [['ssl_ciphers' => 'RC4:MD5'] + $good, '/"ssl_ciphers": nothing in "RC4:MD5" is to be had/'],
    [['ssl_ciphers' => 'AES128-GCM-SHA256'] + $good, '/"ssl_ciphers": nothing/'],
    [['ssl_ciphers' => 'TLS_AES_128_GCM_SHA256', 'ssl_protocols' => SWOOLE_SSL_TLSv1_2] + $good, '/"ssl_ciphers" and "ssl_protocols" exclude one another/'],
    [['ssl_ecdh_curve' => 'sect571r1'] + $good, '/"ssl_ecdh_curve": "sect571r1" is not to be had/'],
    [['ssl_verify_peer' => true] + $good, '/"ssl_verify_peer" needs/'],
    [['ssl_client_cert_file' => '/nowhere'] + $good, '/"ssl_client_cert_file": \/nowhere/'],
];
foreach ($cases as [$options, $pattern]) {
    [$code, $printed] = script('
        $server = new Swoole\Server("127.0.0.1", 0, SWOOLE_BASE, SWOOLE_SOCK_TCP | SWOOLE_SSL);
        $server->set(unserialize(' . var_export(serialize($options), true) . '));
        $server->on("receive", fn () => null);
        echo $server->start() ? "started" : "refused " . swoole_last_error();');
    matches($pattern, $printed);
    matches('/refused \d+$/', $printed);
}
