// Fetches a page, or talks to a WebSocket: the HTTP client that tells by callbacks.
//
// Build:  cc fetch.c $(pkg-config --cflags --libs swoole_rs) -o fetch
// Run:    ./fetch http://127.0.0.1:8080/some/page?a=b
//         ./fetch https://example.com/
//         ./fetch ws://127.0.0.1:8080/chat hello        (says hello, prints what comes for a second)
//         Further arguments NAME=VALUE are options: ./fetch https://localhost/ ssl_cafile=cert.pem
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <swoole_rs.h>

static int exit_code = 1;
static const char *greeting;

static void on_answer(void *userdata, swoole_http_client *client, const swoole_http_answer *answer) {
    (void)userdata, (void)client;
    int status = swoole_http_answer_status(answer);
    size_t place = 0;
    swoole_http_field field;
    if (status < 0) {
        fprintf(stderr, "fetch: %s\n", swoole_last_error_message());
        return;
    }
    fprintf(stderr, "%d %.*s\n", status, (int)swoole_http_answer_reason(answer).len, (const char *)swoole_http_answer_reason(answer).data);
    while (swoole_http_answer_next_header(answer, &place, &field))
        fprintf(stderr, "%.*s: %.*s\n", (int)field.name.len, (const char *)field.name.data, (int)field.value.len,
                (const char *)field.value.data);
    swoole_data body = swoole_http_answer_body(answer);
    fwrite(body.data, 1, body.len, stdout);
    exit_code = status < 400 ? 0 : 1;
}

static void hang_up(void *client, int64_t timer_id) {
    (void)timer_id;
    if (swoole_http_client_is_connected((swoole_http_client *)client)) swoole_http_client_close((swoole_http_client *)client);
}

static void on_upgrade(void *userdata, swoole_http_client *client, const swoole_http_answer *answer) {
    on_answer(userdata, client, answer);
    if (swoole_http_answer_status(answer) != 101) return;
    swoole_http_client_push(client, greeting, strlen(greeting), SWOOLE_WEBSOCKET_OPCODE_TEXT, SWOOLE_WEBSOCKET_FLAG_FIN);
    swoole_timer_after(1000, hang_up, client, NULL);
}

static void on_message(void *userdata, swoole_http_client *client, const swoole_websocket_frame *frame) {
    (void)userdata, (void)client;
    printf("%.*s\n", (int)frame->len, (const char *)frame->data);
    fflush(stdout);
}

// Splits scheme://host[:port][/path]; false if it is none.
static bool split(const char *url, char *scheme, char *host, int *port, const char **target) {
    int used = 0;
    *port = 0;
    if (sscanf(url, "%5[a-z]://%255[^:/]%n", scheme, host, &used) != 2) return false;
    if (url[used] == ':') {
        char *end;
        *port = (int)strtol(url + used + 1, &end, 10);
        used = (int)(end - url);
    }
    *target = url[used] ? url + used : "/";
    return **target == '/';
}

int main(int argc, char **argv) {
    char scheme[6], host[256];
    int port;
    const char *target;
    swoole_http_client *client = NULL;
    if (argc < 2 || !split(argv[1], scheme, host, &port, &target)) {
        fprintf(stderr, "usage: fetch URL [MESSAGE] [OPTION=VALUE]...\n");
        return 2;
    }
    bool websocket = strncmp(scheme, "ws", 2) == 0, secure = scheme[strlen(scheme) - 1] == 's' && strcmp(scheme, "ws") != 0;
    swoole_result result = swoole_http_client_new(host, port, secure, &client);
    for (int i = 2; i < argc && result == SWOOLE_OK; i++) {
        char *value = strchr(argv[i], '=');
        if (value == NULL) greeting = argv[i];
        else {
            *value++ = 0;
            result = swoole_http_client_set_str(client, argv[i], value);
        }
    }
    if (greeting == NULL) greeting = "hello";
    if (result == SWOOLE_OK) result = swoole_http_client_on_message(client, on_message, NULL);
    if (result == SWOOLE_OK)
        result = websocket ? swoole_http_client_upgrade(client, target, NULL, 0, on_upgrade, NULL)
                           : swoole_http_client_get(client, target, on_answer, NULL);
    if (result == SWOOLE_OK) result = swoole_event_wait();
    if (result != SWOOLE_OK) fprintf(stderr, "fetch: %s\n", swoole_last_error_message());
    swoole_http_client_free(client);
    return exit_code;
}
