// Asks many web servers at once, and tells within one time limit who answered.
//
// One process and one thread: the loop connects to all of them at the same time. A host that does not exist, one that
// refuses and one that is slow hold up nobody, and when the time is over the rest is given up.
//
// Build:  cc many_hosts.c $(pkg-config --cflags --libs swoole_rs) -o many_hosts
// Run:    ./many_hosts SECONDS HOST:PORT...
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <swoole_rs.h>

struct request {
    char host[200];
    int port;
    char answer[100]; // the first line of it
    swoole_async_client *client; // NULL: it is over
};

static int waiting, answered;
static int64_t time_limit;

static void over(struct request *request, const char *how) {
    printf("%s:%d %s\n", request->host, request->port, how);
    // No event of this client comes any more; that is allowed inside its own events.
    swoole_async_client_free(request->client);
    request->client = NULL;
    // With the last one the loop has nothing left to do.
    if (--waiting == 0) swoole_timer_clear(time_limit);
}

static void on_connect(void *userdata, swoole_async_client *client) {
    struct request *request = (struct request *)userdata;
    char text[400];
    int len = snprintf(text, sizeof text, "GET / HTTP/1.0\r\nHost: %s\r\n\r\n", request->host);
    if (swoole_async_client_send(client, text, (size_t)len) != SWOOLE_OK) over(request, swoole_last_error_message());
}

static void on_receive(void *userdata, swoole_async_client *client, const uint8_t *data, size_t len) {
    struct request *request = (struct request *)userdata;
    (void)client;
    size_t have = strlen(request->answer);
    size_t take = len < sizeof request->answer - 1 - have ? len : sizeof request->answer - 1 - have;
    memcpy(request->answer + have, data, take);
    size_t line = strcspn(request->answer, "\r\n");
    if (request->answer[line] == 0 && have + take < sizeof request->answer - 1) return; // not all of it yet
    request->answer[line] = 0;
    answered++;
    over(request, request->answer);
}

static void on_error(void *userdata, swoole_async_client *client, swoole_result result) {
    (void)client, (void)result;
    over((struct request *)userdata, swoole_last_error_message());
}

static void on_close(void *userdata, swoole_async_client *client) {
    (void)client;
    over((struct request *)userdata, "hung up without an answer");
}

static struct request *requests;
static int count;

static void on_time_limit(void *userdata, int64_t timer_id) {
    (void)userdata, (void)timer_id;
    for (int i = 0; i < count; i++) {
        if (requests[i].client) over(&requests[i], "gave no answer in time");
    }
}

int main(int argc, char **argv) {
    double limit = argc > 2 ? atof(argv[1]) : 0;
    if (limit <= 0) {
        fprintf(stderr, "usage: many_hosts SECONDS HOST:PORT...\n");
        return 2;
    }
    requests = (struct request *)calloc((size_t)argc, sizeof *requests);
    if (!requests || swoole_timer_after((int64_t)(limit * 1000), on_time_limit, NULL, &time_limit) != SWOOLE_OK) return 1;
    for (int i = 2; i < argc; i++) {
        struct request *request = &requests[count];
        if (sscanf(argv[i], "%199[^:]:%d", request->host, &request->port) != 2) {
            fprintf(stderr, "%s is no HOST:PORT\n", argv[i]);
            continue;
        }
        if (swoole_async_client_new(SWOOLE_SOCK_TCP, &request->client) ||
            swoole_async_client_on_connect(request->client, on_connect, request) ||
            swoole_async_client_on_receive(request->client, on_receive, request) ||
            swoole_async_client_on_error(request->client, on_error, request) ||
            swoole_async_client_on_close(request->client, on_close, request) ||
            swoole_async_client_connect(request->client, request->host, request->port, limit)) {
            fprintf(stderr, "%s: %s\n", argv[i], swoole_last_error_message());
            swoole_async_client_free(request->client);
            request->client = NULL;
            continue;
        }
        count++;
        waiting++;
    }
    if (waiting == 0) swoole_timer_clear(time_limit);
    // Runs until nothing is left: no client, no timer.
    if (swoole_event_wait() != SWOOLE_OK) fprintf(stderr, "%s\n", swoole_last_error_message());
    printf("%d of %d answered\n", answered, count);
    free(requests);
    return 0;
}
