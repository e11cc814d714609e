// An echo server that says who comes and goes, and answers a few words.
//
// Build:  cc echo.c $(pkg-config --cflags --libs swoole_rs) -o echo
// Run:    ./echo [port] [base|process]       (port 0, the default, takes a free one)
// Talk:   nc 127.0.0.1 PORT, then type a line. "who" tells your address, "stats" the server's
//         figures, "all" lists the connections, "quit" hangs up; any other line comes back.
// Stop:   Ctrl-C
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <swoole_rs.h>

static void answer(swoole_server *server, int64_t session, const char *text) {
    if (swoole_server_send(server, session, text, strlen(text)) != SWOOLE_OK)
        fprintf(stderr, "session %" PRId64 ": %s\n", session, swoole_last_error_message());
}

static void on_connect(void *userdata, swoole_server *server, int64_t session, int32_t reactor) {
    (void)userdata, (void)reactor;
    printf("worker %d: %" PRId64 " came\n", swoole_server_worker_id(server), session);
    fflush(stdout);
}

static void on_close(void *userdata, swoole_server *server, int64_t session, int32_t reactor) {
    (void)userdata;
    printf("worker %d: %" PRId64 " went, closed by the %s\n", swoole_server_worker_id(server), session,
           reactor < 0 ? "server" : "client");
    fflush(stdout);
}

static void tell_who(swoole_server *server, int64_t session) {
    swoole_connection_info info;
    char text[128];
    if (swoole_server_connection_info(server, session, false, &info) != SWOOLE_OK) return;
    snprintf(text, sizeof text, "%s port %u\n", info.remote_ip, (unsigned)info.remote_port);
    answer(server, session, text);
}

static void tell_stats(swoole_server *server, int64_t session) {
    swoole_stat stats[64];
    size_t count;
    char text[128];
    if (swoole_server_stats(server, stats, 64, &count) != SWOOLE_OK) return;
    for (size_t i = 0; i < count && i < 64; i++) {
        snprintf(text, sizeof text, "%s: %" PRId64 "\n", stats[i].name, stats[i].value);
        answer(server, session, text);
    }
}

static void tell_all(swoole_server *server, int64_t session) {
    int64_t sessions[100];
    size_t count = 0;
    char text[128];
    for (int64_t last = 0;; last = sessions[count - 1]) {
        if (swoole_server_connection_list(server, last, SWOOLE_ANY_PORT, sessions, 100, &count) || count == 0) break;
        for (size_t i = 0; i < count; i++) {
            snprintf(text, sizeof text, "session %" PRId64 "%s\n", sessions[i], sessions[i] == session ? " (you)" : "");
            answer(server, session, text);
        }
    }
}

static void on_receive(void *userdata, swoole_server *server, int64_t session, int32_t reactor,
                       const uint8_t *data, size_t len) {
    (void)userdata, (void)reactor;
    if (len == 4 && memcmp(data, "who\n", 4) == 0)
        tell_who(server, session);
    else if (len == 6 && memcmp(data, "stats\n", 6) == 0)
        tell_stats(server, session);
    else if (len == 4 && memcmp(data, "all\n", 4) == 0)
        tell_all(server, session);
    else if (len == 5 && memcmp(data, "quit\n", 5) == 0)
        swoole_server_close(server, session, false);
    else if (swoole_server_send(server, session, data, len) != SWOOLE_OK)
        fprintf(stderr, "session %" PRId64 ": %s\n", session, swoole_last_error_message());
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

    // A line is a package: on_receive gets one at a time, with the "\n" that ends it.
    if (swoole_server_new(mode, &server) ||
        swoole_server_listen(server, "127.0.0.1", port, SWOOLE_SOCK_TCP, NULL) ||
        swoole_server_set_int(server, "worker_num", 2) ||
        swoole_server_set_bool(server, "open_eof_split", true) ||
        swoole_server_set_str(server, "package_eof", "\n") ||
        swoole_server_on_worker_start(server, on_worker_start, NULL) ||
        swoole_server_on_connect(server, on_connect, NULL) ||
        swoole_server_on_receive(server, on_receive, NULL) ||
        swoole_server_on_close(server, on_close, NULL) ||
        swoole_server_start(server)) {
        fprintf(stderr, "echo: %s\n", swoole_last_error_message());
        swoole_server_free(server);
        return 1;
    }
    swoole_server_free(server);
    return 0;
}
