// Packages with their length in front: a shouting server.
//
// A package is 4 bytes of length (big endian, of the text alone) and then the text. The answer has
// the same form, with the text in capitals. Packages come whole, however the network cut them.
//
// Build:  cc length_protocol.c $(pkg-config --cflags --libs swoole_rs) -o length_protocol
// Run:    ./length_protocol [port] [base|process]       (port 0, the default, takes a free one)
// Talk:   printf '\0\0\0\5hello' | nc -q1 127.0.0.1 PORT | tail -c +5
// Stop:   Ctrl-C
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <swoole_rs.h>

#define HEADER 4
#define TEXT_MAX 100000

static void on_receive(void *userdata, swoole_server *server, int64_t session, int32_t reactor,
                       const uint8_t *data, size_t len) {
    // Every process has a copy of its own, so nobody else writes here meanwhile.
    static uint8_t answer[HEADER + TEXT_MAX];
    (void)userdata, (void)reactor;
    memcpy(answer, data, HEADER);
    for (size_t i = HEADER; i < len; i++) answer[i] = (uint8_t)toupper(data[i]);
    if (swoole_server_send(server, session, answer, len) != SWOOLE_OK)
        fprintf(stderr, "no answer: %s\n", swoole_last_error_message());
}

static void on_worker_start(void *userdata, swoole_server *server, int32_t worker_id) {
    (void)userdata;
    swoole_port_info port;
    if (worker_id != 0 || swoole_server_port_info(server, 0, &port) != SWOOLE_OK) return;
    printf("listening on 127.0.0.1:%u\n", (unsigned)port.port);
    fflush(stdout);
}

int main(int argc, char **argv) {
    int port = argc > 1 ? atoi(argv[1]) : 0;
    int mode = argc > 2 && strcmp(argv[2], "base") == 0 ? SWOOLE_BASE : SWOOLE_PROCESS;
    swoole_server *server = NULL;

    if (swoole_server_new(mode, &server) ||
        swoole_server_listen(server, "127.0.0.1", port, SWOOLE_SOCK_TCP, NULL) ||
        swoole_server_set_int(server, "worker_num", 2) ||
        swoole_server_set_bool(server, "open_length_check", true) ||
        swoole_server_set_str(server, "package_length_type", "N") ||
        swoole_server_set_int(server, "package_length_offset", 0) ||
        swoole_server_set_int(server, "package_body_offset", HEADER) ||
        // A longer package closes the connection before its text is read.
        swoole_server_set_int(server, "package_max_length", HEADER + TEXT_MAX) ||
        swoole_server_on_worker_start(server, on_worker_start, NULL) ||
        swoole_server_on_receive(server, on_receive, NULL) ||
        swoole_server_start(server)) {
        fprintf(stderr, "length_protocol: %s\n", swoole_last_error_message());
        swoole_server_free(server);
        return 1;
    }
    swoole_server_free(server);
    return 0;
}
