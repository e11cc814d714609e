<?php
declare(strict_types=1);

/** An authority of its own, with the certificates that it signs: files in the test's directory, made by openssl(1). */
final class Authority
{
    private static int $count = 0;
    public readonly string $file;
    private readonly string $stem;
    private int $issued = 0;

    public function __construct(string $name = 'An authority')
    {
        $this->stem = tmp('authority-' . ++self::$count);
        $this->file = "$this->stem.pem";
        openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', "$this->stem.key", '-out', $this->file, '-subj', "/CN=$name", '-days', '2');
    }

    /**
     * A certificate for these names ("DNS:a,IP:127.0.0.1"), as the options that name its files. `key` is a file with
     * the key it is for; without one a key is made.
     */
    public function issue(string $names = 'DNS:localhost,IP:127.0.0.1', ?string $key = null, string $subject = 'someone'): array
    {
        $stem = "$this->stem-" . ++$this->issued;
        if ($key === null) {
            $key = "$stem.key";
            openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', $key);
        }
        openssl('req', '-new', '-key', $key, '-out', "$stem.csr", '-subj', "/CN=$subject");
        file_put_contents("$stem.ext", "subjectAltName=$names\n");
        openssl('x509', '-req', '-in', "$stem.csr", '-CA', $this->file, '-CAkey', "$this->stem.key", '-set_serial', (string) hrtime(true), '-days', '2', '-extfile', "$stem.ext", '-out', "$stem.pem");
        return ['ssl_cert_file' => "$stem.pem", 'ssl_key_file' => $key];
    }
}

/** Runs openssl(1), which must succeed; gives what it printed. */
function openssl(string ...$arguments): string
{
    [$code, $printed] = command(['openssl', ...$arguments]);
    same(0, $code, 'openssl ' . implode(' ', $arguments) . ":\n$printed");
    return $printed;
}

/**
 * A connection with TLS, as PHP's own streams (OpenSSL) make it: `ssl` are their context options. It waits when it is read.
 * Without `verify_peer` any certificate is taken.
 */
function secured(int|string $to, array $ssl = [])
{
    $address = is_int($to) ? "tcp://127.0.0.1:$to" : $to;
    $context = stream_context_create(['ssl' => $ssl + ['verify_peer' => false, 'verify_peer_name' => false, 'SNI_enabled' => true]]);
    $stream = @stream_socket_client($address, $number, $message, PATIENCE, STREAM_CLIENT_CONNECT, $context);
    ok($stream !== false, "a connection to $address: $message");
    stream_set_timeout($stream, (int) PATIENCE);
    return encrypted($stream) ? $stream : false;
}

/** Does the handshake on a stream, as the client or as the server. */
function encrypted($stream, bool $server = false): bool
{
    $method = $server ? STREAM_CRYPTO_METHOD_TLS_SERVER : STREAM_CRYPTO_METHOD_TLS_CLIENT;
    return @stream_socket_enable_crypto($stream, true, $method) === true;
}

/** The name in the certificate that a server shows. */
function shownBy(int $port, string $name): string
{
    $stream = secured($port, ['peer_name' => $name, 'capture_peer_cert' => true]);
    return openssl_x509_parse(stream_context_get_params($stream)['options']['ssl']['peer_certificate'])['extensions']['subjectAltName'];
}
