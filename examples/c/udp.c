// Datagrams: sends each one back with its sender's address in front.
//
// Build:  cc udp.c $(pkg-config --cflags --libs swoole_rs) -o udp
// Run:    ./udp [port] [base|process]       (port 0, the default, takes a free one)
// Talk:   echo hello | nc -u -w1 127.0.0.1 PORT
// Stop:   Ctrl-C
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <swoole_rs.h>

static void on_packet(void *userdata, swoole_server *server, const swoole_packet *packet) {
    (void)userdata;
    char answer[1500];
    int head = snprintf(answer, sizeof answer, "%s:%u ", packet->address, (unsigned)packet->peer_port);
    size_t len = packet->len < sizeof answer - (size_t)head ? packet->len : sizeof answer - (size_t)head;
    memcpy(answer + head, packet->data, len);
    if (swoole_server_send_to(server, packet->address, packet->peer_port, answer, (size_t)head + len,
                              packet->server_socket) != SWOOLE_OK)
        fprintf(stderr, "no answer to %s: %s\n", packet->address, swoole_last_error_message());
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
        swoole_server_listen(server, "127.0.0.1", port, SWOOLE_SOCK_UDP, NULL) ||
        swoole_server_set_int(server, "worker_num", 2) ||
        swoole_server_on_worker_start(server, on_worker_start, NULL) ||
        swoole_server_on_packet(server, on_packet, NULL) ||
        swoole_server_start(server)) {
        fprintf(stderr, "udp: %s\n", swoole_last_error_message());
        swoole_server_free(server);
        return 1;
    }
    swoole_server_free(server);
    return 0;
}
