// HTTP servers: what a handler is told of a request, and when it is called. What it may answer is in test_http_answers.c.
#include "http.h"

// ---- a request's parts
static void tell_parts(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    char text[1024] = "";
    swoole_connection_info info;
    append(text, sizeof text, "", swoole_http_request_method(request));
    append(text, sizeof text, " ", swoole_http_request_target(request));
    append(text, sizeof text, " ", swoole_http_request_path(request));
    append(text, sizeof text, " ", swoole_http_request_query(request));
    append(text, sizeof text, " ", swoole_http_request_body(request));
    CHECK(swoole_http_request_port_id(request) == 0);
    CHECK(swoole_http_request_session(request) > 0);
    CHECK(swoole_http_request_session(request) == swoole_http_response_session(response));
    CHECK_OK(swoole_server_connection_info(server, swoole_http_request_session(request), false, &info));
    CHECK_TEXT(info.remote_ip, "127.0.0.1");
    CHECK(swoole_http_request_time(request) > (double)time(NULL) - 600 && swoole_http_request_time(request) < (double)time(NULL) + 2);
    CHECK(swoole_data_is(swoole_http_request_method(request), "POST"));
    strcat(text, swoole_http_request_is_http_11(request) ? " 1.1" : " 1.0");
    CHECK(swoole_http_response_is_writable(response));
    end_with(response, text);
    CHECK(!swoole_http_response_is_writable(response));
}

static void a_request_is_told_in_parts(void) {
    serve_http(1, tell_parts, NULL);
    int fd = dial();
    CHECK_TEXT(ask(fd, "POST /a%20b?c=d HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"), "POST /a%20b?c=d /a%20b c=d hello 1.1");
    CHECK(status == 200);
    CHECK_TEXT(ask(fd, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"), "POST / /  hello 1.1");
    CHECK_TEXT(ask(fd, "POST /? HTTP/1.0\r\nContent-Length: 0\r\n\r\n"), "POST /? /   1.0");
    CHECK(is_closed(fd));
    close(fd);
    finish();
}

// ---- headers
static void tell_headers(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    char text[1024] = "";
    size_t place = 0;
    swoole_http_field field;
    (void)server;
    append(text, sizeof text, "one=", swoole_http_request_header(request, "x-ONE"));
    append(text, sizeof text, " none=", swoole_http_request_header(request, "X-None"));
    while (swoole_http_request_next_header(request, &place, &field)) {
        append(text, sizeof text, " ", field.name);
        append(text, sizeof text, ":", field.value);
    }
    CHECK(place == 4 && !swoole_http_request_next_header(request, &place, &field));
    place = 0;
    while (swoole_http_request_next_trailer(request, &place, &field)) {
        append(text, sizeof text, " trailer ", field.name);
        append(text, sizeof text, ":", field.value);
    }
    end_with(response, text);
}

static void headers_are_found_and_listed(void) {
    serve_http(1, tell_headers, NULL);
    int fd = dial();
    CHECK_TEXT(ask(fd, "GET / HTTP/1.1\r\nHost: x\r\nX-One:  1 \r\nx-two: 2\r\nX-One: 3\r\n\r\n"), "one=1 none=nothing Host:x X-One:1 x-two:2 X-One:3");
    ask(fd, "POST / HTTP/1.1\r\nHost: x\r\nX-One: 1\r\nTransfer-Encoding: chunked\r\nTE: trailers\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 9\r\n\r\n");
    CHECK(strstr(body, " trailer X-Sum:9") != NULL);
    close(fd);
    finish();
}

// ---- what is encoded
static void tell_decoded(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    char text[1024] = "";
    size_t place = 0;
    swoole_http_field field;
    (void)server;
    append(text, sizeof text, "query a=", swoole_http_request_query_value(request, "a"));
    append(text, sizeof text, " b=", swoole_http_request_query_value(request, "b"));
    append(text, sizeof text, " c=", swoole_http_request_query_value(request, "c"));
    append(text, sizeof text, " cookie a=", swoole_http_request_cookie(request, "a"));
    append(text, sizeof text, " b=", swoole_http_request_cookie(request, "b"));
    append(text, sizeof text, " form a=", swoole_http_request_form_value(request, "a"));
    append(text, sizeof text, " b=", swoole_http_request_form_value(request, "b"));
    strcat(text, " all");
    while (swoole_http_request_next_query_value(request, &place, &field)) append(text, sizeof text, " ", field.name);
    for (place = 0; swoole_http_request_next_cookie(request, &place, &field);) append(text, sizeof text, " ", field.name);
    for (place = 0; swoole_http_request_next_form_value(request, &place, &field);) append(text, sizeof text, " ", field.value);
    swoole_http_file file;
    CHECK((place = 0, !swoole_http_request_next_file(request, &place, &file)));
    end_with(response, text);
}

static void names_and_values_are_decoded(void) {
    serve_http(1, tell_decoded, NULL);
    int fd = dial();
    CHECK_TEXT(ask(fd, "POST /?a=x+y%21&b&a=2 HTTP/1.1\r\nHost: x\r\nCookie: a=%41+; q=1\r\nCookie: b=2\r\nContent-Length: 19\r\n"
                       "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n\r\na=%26&b=1+1&&=x&a=2"),
               "query a=x y! b= c=nothing cookie a=A+ b=2 form a=& b=1 1 all a b a a q b & 1 1 2");
    CHECK_TEXT(ask(fd, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Type: text/plain\r\n\r\na=b"),
               "query a=nothing b=nothing c=nothing cookie a=nothing b=nothing form a=nothing b=nothing all");
    close(fd);
    finish();
}

// ---- order
static void tell_path(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    swoole_data path = swoole_http_request_path(request);
    (void)server;
    CHECK_OK(swoole_http_response_end(response, path.data, path.len));
}

static void requests_that_come_together_are_answered_in_order(void) {
    serve_http(2, tell_path, NULL);
    int fd = dial();
    const char *both = "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nabGET /2 HTTP/1.1\r\nHost: x\r\n\r\n"
                       "HEAD /3 HTTP/1.1\r\nHost: x\r\n\r\nGET /4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    say(fd, both, strlen(both));
    CHECK(hear_answer(fd, true));
    CHECK_TEXT(body, "/1");
    CHECK(hear_answer(fd, true));
    CHECK_TEXT(body, "/2");
    CHECK(hear_answer(fd, false) && status == 200);
    CHECK(hear_answer(fd, true));
    CHECK_TEXT(body, "/4");
    CHECK_TEXT(header("Connection"), "close");
    CHECK(is_closed(fd));
    close(fd);
    finish();
}

static void a_request_that_is_wrong_never_reaches_the_handler(void) {
    serve_http(1, tell_path, NULL);
    int fd = dial();
    ask(fd, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n");
    CHECK(status == 400 && is_closed(fd));
    close(fd);
    CHECK_TEXT(get("/still"), "/still");
    finish();
}

// ---- a request that is kept
static swoole_http_request *kept_request;
static swoole_http_response *kept_response;

static void answer_later(void *server, int64_t timer_id) {
    char text[100] = "";
    size_t place = 0;
    swoole_http_field field;
    (void)server, (void)timer_id;
    append(text, sizeof text, "", swoole_http_request_path(kept_request));
    append(text, sizeof text, " ", swoole_http_request_query_value(kept_request, "a"));
    CHECK(swoole_http_request_next_header(kept_request, &place, &field) && swoole_data_is(field.value, "test"));
    end_with(kept_response, text);
    swoole_http_request_free(kept_request);
    swoole_http_response_free(kept_response);
}

static void keep_both(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    CHECK_OK(swoole_http_request_keep(request));
    CHECK_OK(swoole_http_response_keep(response));
    kept_request = request;
    kept_response = response;
    CHECK_OK(swoole_timer_after(20, answer_later, server, NULL));
}

static void what_is_kept_is_answered_later(void) {
    serve_http(1, keep_both, NULL);
    CHECK_TEXT(get("/kept?a=1"), "/kept 1");
    finish();
}

static void free_what_was_kept(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    (void)server;
    CHECK_OK(swoole_http_request_keep(request));
    CHECK_OK(swoole_http_response_keep(response));
    swoole_http_request_free(request);
    CHECK(swoole_http_request_keep(request) == SWOOLE_ERROR_INVALID_PARAMS);
    end_with(response, "freed");
    swoole_http_response_free(response);
}

static void what_is_kept_may_be_freed_at_once(void) {
    serve_http(1, free_what_was_kept, NULL);
    CHECK_TEXT(get("/"), "freed");
    finish();
}

// ---- ports
static void port_request(void *userdata, swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    (void)server;
    CHECK(swoole_http_request_port_id(request) == 1);
    end_with(response, (const char *)userdata);
}

static void say_plain(void *userdata, swoole_server *server, int64_t session, int32_t reactor, const uint8_t *data, size_t len) {
    (void)userdata, (void)reactor, (void)data, (void)len;
    answer(server, session, "plain\n");
}

static void two_more_ports(swoole_server *server) {
    int32_t id;
    swoole_port_info info;
    CHECK_OK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_TCP, &id));
    CHECK_OK(swoole_server_on_port_request(server, id, port_request, (void *)"second"));
    CHECK_OK(swoole_server_port_info(server, id, &info));
    shared->pid[1] = info.port;
    CHECK_OK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_TCP, &id));
    CHECK_OK(swoole_server_set_port_bool(server, id, "open_http_protocol", false));
    CHECK_OK(swoole_server_on_port_receive(server, id, say_plain, NULL));
    CHECK_OK(swoole_server_port_info(server, id, &info));
    shared->pid[2] = info.port;
}

static void each_port_has_its_own_handler(void) {
    serve_http(1, tell_path, two_more_ports);
    int second = dial_port(shared->pid[1]), plain = dial_port(shared->pid[2]);
    CHECK_TEXT(get("/first"), "/first");
    CHECK_TEXT(ask(second, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "second");
    CHECK_TEXT(talk(plain, "GET / HTTP/1.1\r\n\r\n"), "plain");
    close(second);
    close(plain);
    finish();
}

static void see_close(void *userdata, swoole_server *server, int64_t session, int32_t reactor) {
    (void)userdata, (void)server, (void)reactor;
    CHECK(session > 0);
    note('x');
}

static void with_close_event(swoole_server *server) { CHECK_OK(swoole_server_on_close(server, see_close, NULL)); }

static void the_end_of_a_connection_is_told(void) {
    serve_http(1, tell_path, with_close_event);
    get("/");
    await_note('x');
    finish();
}

// ---- wrong calls
static void without_a_handler_the_server_is_refused(void) {
    swoole_server *server;
    CHECK_OK(swoole_server_new(mode, &server));
    CHECK_OK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_TCP, NULL));
    CHECK_OK(swoole_server_set_bool(server, "open_http_protocol", true));
    CHECK(swoole_server_start(server) == SWOOLE_ERROR_SERVER_INVALID_CALLBACK);
    CHECK_MESSAGE("equest");
    swoole_server_free(server);
}

static void null_is_refused(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    size_t place = 0;
    swoole_http_field field;
    (void)server;
    CHECK(swoole_http_request_method(NULL).data == NULL);
    CHECK(swoole_http_request_header(NULL, "a").data == NULL);
    CHECK(swoole_http_request_header(request, NULL).data == NULL);
    CHECK_MESSAGE("NULL");
    CHECK(!swoole_http_request_next_header(NULL, &place, &field));
    CHECK(!swoole_http_request_next_header(request, NULL, &field));
    CHECK(!swoole_http_request_next_header(request, &place, NULL));
    CHECK(place == 0);
    CHECK(swoole_http_request_session(NULL) == -1 && swoole_http_request_port_id(NULL) == -1);
    CHECK(!swoole_http_request_is_http_11(NULL));
    CHECK(swoole_http_request_keep(NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    swoole_http_request_free(NULL);
    end_with(response, "well");
}

static void null_is_an_error(void) {
    serve_http(1, null_is_refused, NULL);
    CHECK_TEXT(get("/"), "well");
    finish();
}

static const struct test tests[] = {
    {"a_request_is_told_in_parts", a_request_is_told_in_parts},
    {"headers_are_found_and_listed", headers_are_found_and_listed},
    {"names_and_values_are_decoded", names_and_values_are_decoded},
    {"requests_that_come_together_are_answered_in_order", requests_that_come_together_are_answered_in_order},
    {"a_request_that_is_wrong_never_reaches_the_handler", a_request_that_is_wrong_never_reaches_the_handler},
    {"what_is_kept_is_answered_later", what_is_kept_is_answered_later},
    {"what_is_kept_may_be_freed_at_once", what_is_kept_may_be_freed_at_once},
    {"each_port_has_its_own_handler", each_port_has_its_own_handler},
    {"the_end_of_a_connection_is_told", the_end_of_a_connection_is_told},
    {"without_a_handler_the_server_is_refused", without_a_handler_the_server_is_refused},
    {"null_is_an_error", null_is_an_error},
};
RUN(tests)
