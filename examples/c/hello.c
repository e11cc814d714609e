// A server in thirty lines: it sends back what it is sent.
//   cc hello.c $(pkg-config --cflags --libs swoole_rs) -o hello && ./hello
//   nc 127.0.0.1 9501
#include <stdio.h>
#include <swoole_rs.h>

static void on_receive(void *userdata, swoole_server *server, int64_t session, int32_t reactor,
                       const uint8_t *data, size_t len) {
    (void)userdata, (void)reactor;
    swoole_server_send(server, session, data, len);
}

int main(void) {
    swoole_server *server;
    if (swoole_server_new(SWOOLE_PROCESS, &server) ||
        swoole_server_listen(server, "127.0.0.1", 9501, SWOOLE_SOCK_TCP, NULL) ||
        swoole_server_set_int(server, "worker_num", 2) ||
        swoole_server_on_receive(server, on_receive, NULL) ||
        swoole_server_start(server)) {
        fprintf(stderr, "hello: %s\n", swoole_last_error_message());
        return 1;
    }
    swoole_server_free(server);
    return 0;
}
