// A chat: a page, and a WebSocket that the page opens; what one says, all hear.
//
// Build:  cc websocket.c $(pkg-config --cflags --libs swoole_rs) -o websocket
// Run:    ./websocket [port] [base|process]       (port 0, the default, takes a free one)
// Talk:   open http://127.0.0.1:PORT/ in two windows of a browser
// Stop:   Ctrl-C
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <swoole_rs.h>

static const char page[] =
    "<!doctype html><title>chat</title><ul id=said></ul><form id=form><input id=text autofocus autocomplete=off></form>\n"
    "<script>\n"
    "const socket = new WebSocket(`ws://${location.host}/chat`);\n"
    "const show = text => said.appendChild(document.createElement('li')).textContent = text;\n"
    "socket.onmessage = event => show(event.data);\n"
    "socket.onclose = event => show(`closed: ${event.code} ${event.reason}`);\n"
    "form.onsubmit = () => { socket.send(text.value); text.value = ''; return false; };\n"
    "</script>\n";

// To all that are connected, by whichever worker.
static void tell_all(swoole_server *server, const char *text, size_t len) {
    int64_t sessions[100];
    size_t count = 0;
    for (int64_t last = 0;; last = sessions[count - 1]) {
        if (swoole_server_connection_list(server, last, SWOOLE_ANY_PORT, sessions, 100, &count) || count == 0) break;
        for (size_t i = 0; i < count; i++)
            if (swoole_server_is_established(server, sessions[i]))
                swoole_server_push(server, sessions[i], text, len, SWOOLE_WEBSOCKET_OPCODE_TEXT, SWOOLE_WEBSOCKET_FLAG_FIN);
    }
}

static void on_open(void *userdata, swoole_server *server, swoole_http_request *request) {
    (void)userdata;
    char text[64];
    int len = snprintf(text, sizeof text, "%" PRId64 " came", swoole_http_request_session(request));
    tell_all(server, text, (size_t)len);
}

static void on_message(void *userdata, swoole_server *server, const swoole_websocket_frame *frame) {
    (void)userdata;
    char text[1100];
    if (frame->opcode != SWOOLE_WEBSOCKET_OPCODE_TEXT || frame->len > 1000) {
        swoole_server_disconnect(server, frame->session, 1008, "too long", 8);
        return;
    }
    int len = snprintf(text, sizeof text, "%" PRId64 ": %.*s", frame->session, (int)frame->len, (const char *)frame->data);
    tell_all(server, text, (size_t)len);
}

static void on_close(void *userdata, swoole_server *server, int64_t session, int32_t reactor) {
    (void)userdata, (void)reactor;
    char text[64];
    int len = snprintf(text, sizeof text, "%" PRId64 " went", session);
    tell_all(server, text, (size_t)len);
}

// Of those that fetched the page only; with this on_close is for WebSockets.
static void on_disconnect(void *userdata, swoole_server *server, int64_t session) {
    (void)userdata, (void)server, (void)session;
}

static void on_request(void *userdata, swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    (void)userdata, (void)server;
    bool found = swoole_data_is(swoole_http_request_path(request), "/");
    if (!found) swoole_http_response_status(response, 404, NULL);
    swoole_http_response_header(response, "Content-Type", "text/html; charset=utf-8");
    swoole_http_response_end(response, page, found ? sizeof page - 1 : 0);
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
        swoole_server_set_bool(server, "open_websocket_protocol", true) ||
        swoole_server_set_int(server, "worker_num", 2) ||
        swoole_server_on_worker_start(server, on_worker_start, NULL) ||
        swoole_server_on_open(server, on_open, NULL) ||
        swoole_server_on_message(server, on_message, NULL) ||
        swoole_server_on_close(server, on_close, NULL) ||
        swoole_server_on_disconnect(server, on_disconnect, NULL) ||
        swoole_server_on_request(server, on_request, NULL) ||
        swoole_server_start(server)) {
        fprintf(stderr, "websocket: %s\n", swoole_last_error_message());
        swoole_server_free(server);
        return 1;
    }
    swoole_server_free(server);
    return 0;
}
