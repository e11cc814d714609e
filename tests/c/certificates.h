// Certificates for tests: run.py makes them and names their directory. `ca.pem` has signed all others: `cert.pem` with `key.pem` of a
// server that is localhost, `other.pem` with `other.key` of one that is other.test, `client.pem` with `client.key` of a client.
#ifndef SWOOLE_TEST_CERTIFICATES_H
#define SWOOLE_TEST_CERTIFICATES_H

#include "support.h"

// The path of one of these files. Good for a while: there are as many places as one call needs.
static MAYBE_UNUSED const char *certificate(const char *file) {
    static char paths[4][512];
    static int turn;
    const char *directory = getenv("SWOOLE_TEST_CERTIFICATES");
    CHECK(directory != NULL);
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", directory ? directory : ".", file);
    return path;
}

static MAYBE_UNUSED void use_certificate(swoole_server *server, int32_t port) {
    CHECK_OK(swoole_server_set_port_str(server, port, "ssl_cert_file", certificate("cert.pem")));
    CHECK_OK(swoole_server_set_port_str(server, port, "ssl_key_file", certificate("key.pem")));
}

// A further port of the server, with TLS; its number goes to `shared->pid[1]`.
static MAYBE_UNUSED int32_t listen_with_tls(swoole_server *server) {
    int32_t id = -1;
    swoole_port_info info;
    CHECK_OK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_TCP | SWOOLE_SSL, &id));
    CHECK_OK(swoole_server_port_info(server, id, &info));
    CHECK(info.socket_type == SWOOLE_SOCK_TCP || info.socket_type == (SWOOLE_SOCK_TCP | SWOOLE_SSL));
    shared->pid[1] = info.port;
    use_certificate(server, id);
    CHECK_OK(swoole_server_set_port_int(server, id, "ssl_handshake_timeout", PATIENCE_MS / 1000));
    return id;
}

#endif
