/* This project's server, driven from C: a fixed answer to each read, as minimal.c gives it.
 * Arguments: port, BASE or PROCESS, number of workers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <swoole_rs.h>

static const char answer[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!";

static void on_receive(void *userdata, swoole_server *server, int64_t session, int32_t reactor,
                       const uint8_t *data, size_t len) {
    (void)userdata, (void)reactor, (void)data, (void)len;
    swoole_server_send(server, session, answer, sizeof answer - 1);
}

int main(int argc, char **argv) {
    swoole_server *server = NULL;
    if (argc != 4) {
        fprintf(stderr, "usage: %s PORT BASE|PROCESS WORKERS\n", argv[0]);
        return 2;
    }
    if (swoole_server_new(strcmp(argv[2], "BASE") == 0 ? SWOOLE_BASE : SWOOLE_PROCESS, &server) ||
        swoole_server_listen(server, "127.0.0.1", atoi(argv[1]), SWOOLE_SOCK_TCP, NULL) ||
        swoole_server_set_int(server, "worker_num", atoi(argv[3])) ||
        swoole_server_set_int(server, "reactor_num", 1) ||
        swoole_server_on_receive(server, on_receive, NULL) ||
        swoole_server_start(server)) {
        fprintf(stderr, "bench server: %s\n", swoole_last_error_message());
        swoole_server_free(server);
        return 1;
    }
    swoole_server_free(server);
    return 0;
}
