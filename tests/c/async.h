// What the tests of the event-driven client need: a peer in the same loop that sends back what it is sent.
#ifndef SWOOLE_TEST_ASYNC_H
#define SWOOLE_TEST_ASYNC_H

#include "loop.h"

#include <pthread.h>

static MAYBE_UNUSED int mark; // an address for userdata

// ---- the peer: sends back what it gets, hangs up at "quit" and at a client's end
static int echo_listener = -1, echo_port;

static MAYBE_UNUSED void echo_hang_up(int fd) {
    CHECK_OK(swoole_event_del(fd));
    close(fd);
}

static MAYBE_UNUSED void echo_data(void *userdata, int32_t fd) {
    char text[65536];
    (void)userdata;
    ssize_t got = read(fd, text, sizeof text);
    if (got <= 0 || (got == 4 && memcmp(text, "quit", 4) == 0)) echo_hang_up(fd);
    else if (swoole_event_write(fd, text, (size_t)got) != SWOOLE_OK) echo_hang_up(fd);
}

static MAYBE_UNUSED void echo_accept(void *userdata, int32_t fd) {
    (void)userdata;
    int client = accept(fd, NULL, NULL);
    if (client >= 0) CHECK_OK(swoole_event_add(client, echo_data, NULL, NULL, SWOOLE_EVENT_READ));
}

static MAYBE_UNUSED void open_echo(void) {
    echo_listener = listen_on_a_free_port(&echo_port);
    CHECK_OK(swoole_event_add(echo_listener, echo_accept, NULL, NULL, SWOOLE_EVENT_READ));
}

static MAYBE_UNUSED void close_echo(void) {
    if (!swoole_event_isset(echo_listener, 0)) return;
    CHECK_OK(swoole_event_del(echo_listener));
    close(echo_listener);
}

// ---- the client. Without other callbacks its close ends the peer too, so that the loop becomes empty.
static MAYBE_UNUSED void see_close(void *userdata, swoole_async_client *client) {
    (void)userdata, (void)client;
    see("close");
    close_echo();
}

static MAYBE_UNUSED void see_client(void *userdata, swoole_async_client *client) {
    (void)client;
    see((const char *)userdata);
}

static MAYBE_UNUSED void see_data(void *userdata, swoole_async_client *client, const uint8_t *data, size_t len) {
    char text[64];
    (void)userdata, (void)client;
    snprintf(text, sizeof text, "%.*s", (int)len, (const char *)data);
    see(text);
}

static MAYBE_UNUSED void unexpected_error(void *userdata, swoole_async_client *client, swoole_result result) {
    (void)userdata, (void)client, (void)result;
    CHECK(!"this client was to connect");
}

static MAYBE_UNUSED swoole_async_client *new_client(int kind) {
    swoole_async_client *client = NULL;
    CHECK_OK(swoole_async_client_new(kind, &client));
    CHECK_OK(swoole_async_client_on_close(client, see_close, NULL));
    CHECK_OK(swoole_async_client_on_error(client, unexpected_error, NULL));
    return client;
}

static MAYBE_UNUSED void dial_echo(swoole_async_client *client) {
    CHECK_OK(swoole_async_client_connect(client, "127.0.0.1", echo_port, 10));
}

static MAYBE_UNUSED void say_hello_twice(void *userdata, swoole_async_client *client) {
    (void)userdata;
    CHECK_OK(swoole_async_client_send(client, "hellohello", 10));
}

#endif
