/* The same as bench/minimal_client.c, with this project's event-driven client. Arguments: port, connections, how many of them may
 * wait for their answer at once, bytes of a message. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <swoole_rs.h>
#include <time.h>

static char message[4096];
static int port, total, unanswered, bytes, opened, answered, closed;
static swoole_async_client **clients;

static double cpu(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void check(swoole_result result) {
    if (result) {
        fprintf(stderr, "bench clients: %s\n", swoole_last_error_message());
        exit(1);
    }
}

static void open_one(void);

static void on_connect(void *userdata, swoole_async_client *client) {
    (void)userdata;
    check(swoole_async_client_send(client, message, bytes));
}

static void on_receive(void *userdata, swoole_async_client *client, const uint8_t *data, size_t len) {
    (void)userdata, (void)client;
    if (len != (size_t)bytes || memcmp(data, message, len)) {
        fprintf(stderr, "bench clients: a wrong answer of %zu bytes\n", len);
        exit(1);
    }
    answered++;
    if (opened < total) open_one();
    if (answered == total)
        for (int i = 0; i < total; i++) check(swoole_async_client_close(clients[i], false));
}

static void on_error(void *userdata, swoole_async_client *client, swoole_result result) {
    (void)userdata, (void)client;
    check(result);
}

static void on_close(void *userdata, swoole_async_client *client) {
    (void)userdata;
    swoole_async_client_free(client);
    closed++;
}

static void open_one(void) {
    swoole_async_client *client;
    check(swoole_async_client_new(SWOOLE_SOCK_TCP, &client));
    check(swoole_async_client_on_connect(client, on_connect, NULL));
    check(swoole_async_client_on_receive(client, on_receive, NULL));
    check(swoole_async_client_on_error(client, on_error, NULL));
    check(swoole_async_client_on_close(client, on_close, NULL));
    clients[opened++] = client;
    check(swoole_async_client_connect(client, "127.0.0.1", port, 0));
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: %s PORT CONNECTIONS UNANSWERED BYTES\n", argv[0]);
        return 2;
    }
    port = atoi(argv[1]), total = atoi(argv[2]), unanswered = atoi(argv[3]), bytes = atoi(argv[4]);
    memset(message, 'x', sizeof message);
    clients = calloc(total, sizeof *clients);
    double begun = now(), before = cpu();
    while (opened < unanswered && opened < total) open_one();
    check(swoole_event_wait());
    if (answered != total || closed != total) {
        fprintf(stderr, "bench clients: %d of %d were answered, %d closed\n", answered, total, closed);
        return 1;
    }
    printf("{\"wall\": %.6f, \"cpu\": %.6f}\n", now() - begun, cpu() - before);
    return 0;
}
