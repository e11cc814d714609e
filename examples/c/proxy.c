// A TCP proxy: a server whose workers are clients of another one. What a client of the proxy sends goes there, and what comes
// back goes to the client.
//
// The clients live in the worker's own loop: nothing in here waits, so one worker serves thousands of pairs.
//
// Build:  cc proxy.c $(pkg-config --cflags --libs swoole_rs) -o proxy
// Run:    ./proxy PORT base|process UPSTREAM_HOST UPSTREAM_PORT      (PORT 0 takes a free one)
// Stop:   Ctrl-C
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <swoole_rs.h>

static swoole_server *server;
static const char *upstream_host;
static int upstream_port;

// A client of ours with its connection to the upstream server. Each worker has a list of its own.
struct pair {
    int64_t session;
    swoole_async_client *upstream;
    struct pair *next;
};
static struct pair *pairs;

static struct pair **find(int64_t session) {
    struct pair **at = &pairs;
    while (*at && (*at)->session != session) at = &(*at)->next;
    return at;
}

// Either side has ended: so does the other, after what was sent has arrived.
static void part(struct pair *pair) {
    struct pair **at = find(pair->session);
    *at = pair->next;
    swoole_server_close(server, pair->session, false);
    free(pair);
}

// ---- the upstream side
static void on_upstream(void *userdata, swoole_async_client *client) {
    (void)client;
    // Now the client's data has somewhere to go (option enable_delay_receive).
    swoole_server_confirm(server, ((struct pair *)userdata)->session);
}

static void on_answer(void *userdata, swoole_async_client *client, const uint8_t *data, size_t len) {
    if (swoole_server_send(server, ((struct pair *)userdata)->session, data, len) != SWOOLE_OK)
        swoole_async_client_close(client, true);
}

static void on_upstream_end(void *userdata, swoole_async_client *client) {
    // Without userdata our client went first, and nobody is waiting for this.
    if (userdata) part((struct pair *)userdata);
    swoole_async_client_free(client);
}

static void on_upstream_error(void *userdata, swoole_async_client *client, swoole_result result) {
    (void)result;
    fprintf(stderr, "proxy: %s\n", swoole_last_error_message());
    on_upstream_end(userdata, client);
}

// ---- our side
static void on_connect(void *userdata, swoole_server *unused, int64_t session, int32_t reactor) {
    (void)userdata, (void)unused, (void)reactor;
    struct pair *pair = (struct pair *)calloc(1, sizeof *pair);
    if (pair &&
        swoole_async_client_new(SWOOLE_SOCK_TCP, &pair->upstream) == SWOOLE_OK &&
        swoole_async_client_on_connect(pair->upstream, on_upstream, pair) == SWOOLE_OK &&
        swoole_async_client_on_receive(pair->upstream, on_answer, pair) == SWOOLE_OK &&
        swoole_async_client_on_close(pair->upstream, on_upstream_end, pair) == SWOOLE_OK &&
        swoole_async_client_on_error(pair->upstream, on_upstream_error, pair) == SWOOLE_OK &&
        swoole_async_client_connect(pair->upstream, upstream_host, upstream_port, 5) == SWOOLE_OK) {
        pair->session = session;
        pair->next = pairs;
        pairs = pair;
        return;
    }
    fprintf(stderr, "proxy: %s\n", swoole_last_error_message());
    if (pair) swoole_async_client_free(pair->upstream);
    free(pair);
    swoole_server_close(server, session, false);
}

static void on_receive(void *userdata, swoole_server *unused, int64_t session, int32_t reactor,
                       const uint8_t *data, size_t len) {
    (void)userdata, (void)unused, (void)reactor;
    struct pair *pair = *find(session);
    if (pair && swoole_async_client_send(pair->upstream, data, len) != SWOOLE_OK)
        fprintf(stderr, "proxy: %s\n", swoole_last_error_message());
}

static void on_close(void *userdata, swoole_server *unused, int64_t session, int32_t reactor) {
    (void)userdata, (void)unused, (void)reactor;
    struct pair *pair = *find(session);
    if (!pair) return; // the upstream server went first
    swoole_async_client *upstream = pair->upstream;
    // What is on its way is still sent; then on_upstream_end frees the client.
    swoole_async_client_on_receive(upstream, NULL, NULL);
    swoole_async_client_on_close(upstream, on_upstream_end, NULL);
    bool closing = swoole_async_client_is_connected(upstream) && swoole_async_client_close(upstream, false) == SWOOLE_OK;
    if (!closing) swoole_async_client_free(upstream);
    part(pair);
}

static void on_worker_start(void *userdata, swoole_server *unused, int32_t worker_id) {
    (void)userdata, (void)unused;
    swoole_port_info port;
    if (worker_id != 0 || swoole_server_port_info(server, 0, &port) != SWOOLE_OK) return;
    printf("listening on 127.0.0.1:%u\n", (unsigned)port.port);
    fflush(stdout);
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: proxy PORT base|process UPSTREAM_HOST UPSTREAM_PORT\n");
        return 2;
    }
    upstream_host = argv[3];
    upstream_port = atoi(argv[4]);
    if (swoole_server_new(strcmp(argv[2], "base") == 0 ? SWOOLE_BASE : SWOOLE_PROCESS, &server) ||
        swoole_server_listen(server, "127.0.0.1", atoi(argv[1]), SWOOLE_SOCK_TCP, NULL) ||
        swoole_server_set_int(server, "worker_num", 2) ||
        swoole_server_set_bool(server, "enable_delay_receive", true) ||
        swoole_server_on_worker_start(server, on_worker_start, NULL) ||
        swoole_server_on_connect(server, on_connect, NULL) ||
        swoole_server_on_receive(server, on_receive, NULL) ||
        swoole_server_on_close(server, on_close, NULL) ||
        swoole_server_start(server)) {
        fprintf(stderr, "proxy: %s\n", swoole_last_error_message());
        swoole_server_free(server);
        return 1;
    }
    swoole_server_free(server);
    return 0;
}
