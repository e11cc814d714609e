// An HTTPS server, and a plain port beside it that sends everybody there.
//
// Build:  cc https.c $(pkg-config --cflags --libs swoole_rs) -o https
// Make a certificate for a try:
//         openssl req -x509 -newkey rsa:2048 -nodes -days 30 -keyout key.pem -out cert.pem -subj /CN=localhost -addext subjectAltName=DNS:localhost
// Run:    ./https 8443 process cert.pem key.pem
// Talk:   curl --cacert cert.pem https://localhost:8443/
// Renew:  put other files in their place and send SIGUSR1: new connections get the new certificate, the others go on
// Stop:   Ctrl-C
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <swoole_rs.h>

static int https_port;

static void on_request(void *userdata, swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    (void)userdata, (void)server, (void)request;
    static const char text[] = "hello, and nobody else hears it\n";
    swoole_http_response_header(response, "Content-Type", "text/plain");
    swoole_http_response_header(response, "Strict-Transport-Security", "max-age=86400");
    swoole_http_response_end(response, text, sizeof text - 1);
}

static void on_plain_request(void *userdata, swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    (void)userdata, (void)server;
    char location[1024];
    swoole_data target = swoole_http_request_target(request);
    snprintf(location, sizeof location, "https://localhost:%d%.*s", https_port, (int)(target.len < 900 ? target.len : 900),
             (const char *)target.data);
    swoole_http_response_redirect(response, location, 308);
}

static void on_worker_start(void *userdata, swoole_server *server, int32_t worker_id) {
    (void)userdata;
    swoole_port_info port, plain;
    if (swoole_server_port_info(server, 0, &port) || swoole_server_port_info(server, 1, &plain)) return;
    https_port = port.port;
    if (worker_id != 0) return;
    printf("plain requests go to 127.0.0.1:%u\n", (unsigned)plain.port);
    printf("listening on 127.0.0.1:%u\n", (unsigned)port.port);
    fflush(stdout);
}

int main(int argc, char **argv) {
    int port = argc > 1 ? atoi(argv[1]) : 0;
    int mode = argc > 2 && strcmp(argv[2], "base") == 0 ? SWOOLE_BASE : SWOOLE_PROCESS;
    const char *certificate = argc > 3 ? argv[3] : "cert.pem", *key = argc > 4 ? argv[4] : "key.pem";
    int32_t plain = 0;
    swoole_server *server = NULL;

    // A wrong file, or a key that does not fit, is told by swoole_server_start.
    if (swoole_server_new(mode, &server) ||
        swoole_server_listen(server, "127.0.0.1", port, SWOOLE_SOCK_TCP | SWOOLE_SSL, NULL) ||
        swoole_server_set_bool(server, "open_http_protocol", true) ||
        swoole_server_set_str(server, "ssl_cert_file", certificate) ||
        swoole_server_set_str(server, "ssl_key_file", key) ||
        swoole_server_set_int(server, "worker_num", 2) ||
        swoole_server_on_worker_start(server, on_worker_start, NULL) ||
        swoole_server_on_request(server, on_request, NULL) ||
        swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_TCP, &plain) ||
        swoole_server_on_port_request(server, plain, on_plain_request, NULL) ||
        swoole_server_start(server)) {
        fprintf(stderr, "https: %s\n", swoole_last_error_message());
        swoole_server_free(server);
        return 1;
    }
    swoole_server_free(server);
    return 0;
}
