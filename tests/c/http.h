// What the tests of HTTP servers need: a server whose handler the test sets, and a client that reads whole answers.
#ifndef SWOOLE_TEST_HTTP_H
#define SWOOLE_TEST_HTTP_H

#include "support.h"

// ---- the server
typedef void handler_fn(swoole_server *server, swoole_http_request *request, swoole_http_response *response);
static handler_fn *handler;
static MAYBE_UNUSED void (*more_settings)(swoole_server *server);

static MAYBE_UNUSED void handle_request(void *userdata, swoole_server *server, swoole_http_request *request,
                                        swoole_http_response *response) {
    (void)userdata;
    handler(server, request, response);
}

static MAYBE_UNUSED void configure_http(swoole_server *server) {
    CHECK_OK(swoole_server_set_bool(server, "open_http_protocol", true));
    CHECK_OK(swoole_server_on_request(server, handle_request, NULL));
    if (more_settings) more_settings(server);
}

// An HTTP server whose workers answer by `answer_it`; `settings` may be NULL.
static MAYBE_UNUSED void serve_http(int workers, handler_fn *answer_it, void (*settings)(swoole_server *server)) {
    handler = answer_it;
    more_settings = settings;
    serve(workers, configure_http);
}

// In a handler: ends with a text.
static MAYBE_UNUSED void end_with(swoole_http_response *response, const char *text) {
    CHECK_OK(swoole_http_response_end(response, text, strlen(text)));
}

// In a handler: appends bytes to a text.
static MAYBE_UNUSED void append(char *text, size_t size, const char *before, swoole_data data) {
    size_t len = strlen(text);
    if (data.data == NULL) snprintf(text + len, size - len, "%snothing", before);
    else snprintf(text + len, size - len, "%s%.*s", before, (int)data.len, (const char *)data.data);
}

// ---- the client: what came last
static int status;
static char head[16384]; // with the blank line
static char body[1 << 17];
static size_t body_len;
static char trailer[1024];

// Reads up to and with `mark`; false if the connection ends before.
static MAYBE_UNUSED bool hear_until(int fd, const char *mark, char *text, size_t size) {
    size_t len = 0, end = strlen(mark);
    text[0] = 0;
    while (len + 1 < size && recv(fd, text + len, 1, 0) == 1) {
        text[++len] = 0;
        if (len >= end && memcmp(text + len - end, mark, end) == 0) return true;
    }
    return false;
}

// The value of a header of the answer that came last, in any letter case; "" if there is none.
static MAYBE_UNUSED const char *header(const char *name) {
    static char value[1024];
    size_t len = strlen(name);
    value[0] = 0;
    for (const char *line = strstr(head, "\r\n"); line && line[2] != '\r'; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, name, len) == 0 && line[2 + len] == ':') {
            const char *from = line + 2 + len + 1;
            while (*from == ' ') from++;
            snprintf(value, sizeof value, "%.*s", (int)(strstr(from, "\r\n") - from), from);
            break;
        }
    return value;
}

// How many headers of that name the last answer has.
static MAYBE_UNUSED int count_headers(const char *name) {
    int n = 0;
    size_t len = strlen(name);
    for (const char *line = strstr(head, "\r\n"); line; line = strstr(line + 2, "\r\n"))
        n += strncasecmp(line + 2, name, len) == 0 && line[2 + len] == ':';
    return n;
}

static MAYBE_UNUSED void hear_chunks(int fd) {
    char line[1024];
    for (;;) {
        if (!hear_until(fd, "\r\n", line, sizeof line)) break;
        size_t size = strtoul(line, NULL, 16);
        if (size == 0) {
            while (hear_until(fd, "\r\n", line, sizeof line) && strcmp(line, "\r\n") != 0) strncat(trailer, line, sizeof trailer - strlen(trailer) - 1);
            return;
        }
        if (body_len + size + 1 > sizeof body || !hear(fd, body + body_len, size) || !hear_until(fd, "\r\n", line, sizeof line)) break;
        body_len += size;
    }
    CHECK(!"the chunks end");
}

// Reads one answer. `has_body`: false for an answer to HEAD.
static MAYBE_UNUSED bool hear_answer(int fd, bool has_body) {
    char reason[100];
    status = 0;
    body_len = 0;
    trailer[0] = 0;
    memset(body, 0, sizeof body);
    if (!hear_until(fd, "\r\n\r\n", head, sizeof head)) return false;
    CHECK(sscanf(head, "HTTP/1.%*d %d%99[^\r]", &status, reason) >= 1);
    if (!has_body || status == 204 || status == 304 || status == 101) return true;
    if (strcmp(header("Transfer-Encoding"), "chunked") == 0) hear_chunks(fd);
    else if (header("Content-Length")[0]) {
        body_len = strtoul(header("Content-Length"), NULL, 10);
        CHECK(body_len < sizeof body && hear(fd, body, body_len));
    } else {
        ssize_t got;
        while ((got = recv(fd, body + body_len, sizeof body - 1 - body_len, 0)) > 0) body_len += (size_t)got;
    }
    return true;
}

// Sends a request and reads its answer, whose body it gives.
static MAYBE_UNUSED const char *ask(int fd, const char *request) {
    say(fd, request, strlen(request));
    CHECK(hear_answer(fd, strncmp(request, "HEAD", 4) != 0));
    return body;
}

// The same over a connection of its own, of a GET with further headers (each with its end).
static MAYBE_UNUSED const char *get_with(const char *target, const char *headers) {
    char request[16384];
    int fd = dial();
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: test\r\n%s\r\n", target, headers);
    ask(fd, request);
    close(fd);
    return body;
}

static MAYBE_UNUSED const char *get(const char *target) { return get_with(target, ""); }

#endif
