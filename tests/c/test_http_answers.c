// HTTP servers: what a handler may answer.
#include "http.h"

#include <pthread.h>
#include <fcntl.h>

// ---- status and headers
static void answer_richly(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    static const char *const lines[] = {"1", "2"};
    swoole_http_cookie cookie;
    (void)server, (void)request;
    CHECK_OK(swoole_http_response_status(response, 404, "Not Here"));
    CHECK_OK(swoole_http_response_header(response, "X-One", "old"));
    CHECK_OK(swoole_http_response_header(response, "x-one", "new"));
    CHECK_OK(swoole_http_response_header(response, "X-Gone", "x"));
    CHECK_OK(swoole_http_response_header(response, "X-Gone", NULL));
    CHECK_OK(swoole_http_response_header_lines(response, "X-Two", lines, 2));
    memset(&cookie, 0, sizeof cookie);
    cookie.name = "id";
    cookie.value = "a b;";
    cookie.path = "/p";
    cookie.domain = "example.com";
    cookie.same_site = SWOOLE_SAME_SITE_LAX;
    cookie.secure = true;
    cookie.http_only = true;
    CHECK_OK(swoole_http_response_cookie(response, &cookie));
    memset(&cookie, 0, sizeof cookie);
    cookie.name = "gone";
    CHECK_OK(swoole_http_response_cookie(response, &cookie));
    end_with(response, "rich");
}

static void status_headers_and_cookies_go_out(void) {
    serve_http(1, answer_richly, NULL);
    CHECK_TEXT(get("/"), "rich");
    CHECK(strncmp(head, "HTTP/1.1 404 Not Here\r\n", 23) == 0);
    CHECK_TEXT(header("X-One"), "new");
    CHECK(count_headers("X-One") == 1 && count_headers("X-Gone") == 0 && count_headers("X-Two") == 2);
    CHECK(count_headers("Set-Cookie") == 2);
    const char *cookie = header("Set-Cookie");
    CHECK(strncmp(cookie, "id=a%20b%3B;", 12) == 0);
    CHECK(strcasestr(cookie, "; path=/p") && strcasestr(cookie, "; domain=example.com") && strcasestr(cookie, "; samesite=lax"));
    CHECK(strcasestr(cookie, "; secure") && strcasestr(cookie, "; httponly"));
    finish();
}

static void answer_wrongly(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    swoole_http_cookie cookie;
    static const char *const lines[] = {"1", "2\r\nX-Bad: 1"};
    (void)server, (void)request;
    CHECK(swoole_http_response_header(response, "X-A", "1\r\nX-Bad: 1") == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_response_header(response, "X-A\r\nX-Bad", "1") == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_response_header(response, "", "1") == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_response_header(response, NULL, "1") == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_response_header_lines(response, "X-A", lines, 2) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_response_header_lines(response, "X-A", NULL, 2) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_response_status(response, 99, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_response_status(response, 70000, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_response_status(response, 200, "OK\r\nX-Bad: 1") == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_response_cookie(response, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    memset(&cookie, 0, sizeof cookie);
    CHECK(swoole_http_response_cookie(response, &cookie) == SWOOLE_ERROR_INVALID_PARAMS);
    cookie.name = "a;b";
    CHECK(swoole_http_response_cookie(response, &cookie) == SWOOLE_ERROR_INVALID_PARAMS);
    cookie.name = "a";
    cookie.value = "b; c";
    cookie.raw = true;
    CHECK(swoole_http_response_cookie(response, &cookie) == SWOOLE_ERROR_INVALID_PARAMS);
    cookie.raw = false;
    cookie.same_site = 9;
    CHECK(swoole_http_response_cookie(response, &cookie) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_response_write(response, "", 0) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_response_end(response, NULL, 1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_response_compress(response, true, -1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_response_redirect(response, "/a", 200) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_response_redirect(response, "/a\r\nX-Bad: 1", 302) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_response_end(NULL, "x", 1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_response_session(NULL) == -1 && !swoole_http_response_is_writable(NULL));
    swoole_http_response_free(NULL);
    CHECK_OK(swoole_http_response_end(response, NULL, 0));
    CHECK(swoole_http_response_end(response, "x", 1) == SWOOLE_ERROR_HTTP_CONTEXT_UNAVAILABLE);
    CHECK(swoole_http_response_write(response, "x", 1) == SWOOLE_ERROR_HTTP_CONTEXT_UNAVAILABLE);
    CHECK(swoole_http_response_header(response, "a", "x") == SWOOLE_ERROR_HTTP_CONTEXT_UNAVAILABLE);
}

static void nothing_splits_an_answer(void) {
    serve_http(1, answer_wrongly, NULL);
    CHECK_TEXT(get("/"), "");
    CHECK(status == 200 && count_headers("X-Bad") == 0 && count_headers("X-A") == 0 && count_headers("Set-Cookie") == 0);
    finish();
}

// ---- parts
static void answer_in_parts(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    (void)server, (void)request;
    CHECK_OK(swoole_http_response_trailer(response, "X-Sum", "42"));
    CHECK_OK(swoole_http_response_write(response, "one ", 4));
    CHECK(swoole_http_response_header(response, "X-Late", "1") == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_http_response_status(response, 500, NULL) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_OK(swoole_http_response_write(response, "two ", 4));
    end_with(response, "three");
}

static void a_body_goes_out_in_parts(void) {
    serve_http(1, answer_in_parts, NULL);
    CHECK_TEXT(get_with("/", "TE: trailers\r\n"), "one two three");
    CHECK_TEXT(header("Transfer-Encoding"), "chunked");
    CHECK(strcasestr(trailer, "X-Sum: 42\r\n") != NULL);
    int fd = dial();
    CHECK_TEXT(ask(fd, "GET / HTTP/1.0\r\n\r\n"), "one two three");
    CHECK_TEXT(header("Transfer-Encoding"), "");
    close(fd);
    finish();
}

// ---- files
static char file_path[64];
static void answer_a_file(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    (void)server;
    swoole_data part = swoole_http_request_query_value(request, "part");
    CHECK(swoole_http_response_send_file(response, "/no/such/file", 0, 0) == SWOOLE_ERROR_FILE_NOT_EXIST);
    CHECK(swoole_http_response_send_file(response, NULL, 0, 0) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_OK(swoole_http_response_send_file(response, file_path, part.data ? 3 : 0, part.data ? 4 : 0));
    CHECK(swoole_http_response_end(response, "", 0) == SWOOLE_ERROR_HTTP_CONTEXT_UNAVAILABLE);
}

static void a_file_is_sent(void) {
    snprintf(file_path, sizeof file_path, "/tmp/swoole_rs_%d.html", (int)getpid());
    FILE *file = fopen(file_path, "w");
    fputs("0123456789", file);
    fclose(file);
    serve_http(1, answer_a_file, NULL);
    CHECK_TEXT(get("/"), "0123456789");
    CHECK(status == 200 && strncmp(header("Content-Type"), "text/html", 9) == 0);
    CHECK_TEXT(get("/?part=1"), "3456");
    CHECK_TEXT(get_with("/", "Range: bytes=-3\r\n"), "789");
    CHECK(status == 206);
    CHECK_TEXT(header("Content-Range"), "bytes 7-9/10");
    get_with("/", "Range: bytes=10-\r\n");
    CHECK(status == 416);
    finish();
    unlink(file_path);
}

// ---- elsewhere
static void send_elsewhere(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    (void)server, (void)request;
    CHECK_OK(swoole_http_response_redirect(response, "/there?a=b", 303));
    CHECK(!swoole_http_response_is_writable(response));
}

static void a_client_is_sent_elsewhere(void) {
    serve_http(1, send_elsewhere, NULL);
    get("/");
    CHECK(status == 303);
    CHECK_TEXT(header("Location"), "/there?a=b");
    finish();
}

// ---- no answer
static void answer_nothing(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    (void)server;
    if (swoole_data_is(swoole_http_request_path(request), "/kept")) {
        CHECK_OK(swoole_http_response_keep(response));
        swoole_http_response_free(response);
    } else if (swoole_data_is(swoole_http_request_path(request), "/part")) CHECK_OK(swoole_http_response_write(response, "part", 4));
}

static void who_is_not_answered_gets_500(void) {
    serve_http(1, answer_nothing, NULL);
    get("/");
    CHECK(status == 500);
    get("/kept");
    CHECK(status == 500);
    int fd = dial();
    const char *request = "GET /part HTTP/1.1\r\nHost: x\r\n\r\n";
    char line[100];
    say(fd, request, strlen(request));
    CHECK(hear_until(fd, "\r\n\r\n", head, sizeof head) && hear_until(fd, "part\r\n", line, sizeof line));
    CHECK(is_closed(fd));
    close(fd);
    finish();
}

static void leave_the_worker(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    (void)response;
    if (swoole_data_is(swoole_http_request_path(request), "/die")) _exit(1);
    CHECK_OK(swoole_server_leave(server, 0));
    end_with(response, "bye");
}

static void a_worker_that_leaves_has_answered(void) {
    serve_http(1, leave_the_worker, NULL);
    CHECK_TEXT(get("/"), "bye");
    await_note('w');
    CHECK_TEXT(get("/"), "bye");
    await_note('w');
    finish();
}

static void who_waits_for_a_worker_that_dies_is_told(void) {
    serve_http(1, leave_the_worker, NULL);
    int fd = dial();
    const char *request = "GET /die HTTP/1.1\r\nHost: x\r\n\r\n";
    say(fd, request, strlen(request));
    CHECK(mode == SWOOLE_BASE ? !hear_answer(fd, true) : hear_answer(fd, true) && status == 500 && is_closed(fd));
    close(fd);
    await_note('w');
    finish();
}

// ---- given up and taken up
static void take_up(void *userdata, swoole_server *server, const swoole_pipe_message *message) {
    swoole_http_response *response = NULL;
    int64_t session;
    (void)userdata;
    memcpy(&session, message->data, sizeof session);
    CHECK(swoole_http_response_create(server, session, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_OK(swoole_http_response_create(server, session, &response));
    CHECK(swoole_http_response_session(response) == session);
    end_with(response, "from another worker");
    swoole_http_response_free(response);
    CHECK(swoole_http_response_create(server, 12345678, &response) != SWOOLE_OK);
}

static void give_up(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    int64_t session = swoole_http_request_session(request);
    CHECK_OK(swoole_http_response_detach(response));
    CHECK(swoole_http_response_end(response, "x", 1) == SWOOLE_ERROR_HTTP_CONTEXT_UNAVAILABLE);
    CHECK_OK(swoole_server_send_message(server, 1 - swoole_server_worker_id(server), &session, sizeof session));
}

static void with_messages(swoole_server *server) { CHECK_OK(swoole_server_on_pipe_message(server, take_up, NULL)); }

static void another_worker_answers_what_was_given_up(void) {
    serve_http(2, give_up, with_messages);
    CHECK_TEXT(get("/"), "from another worker");
    finish();
}

// ---- compression
static void answer_much(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    static char text[10000];
    (void)server;
    memset(text, 'a', sizeof text - 1);
    if (swoole_data_is(swoole_http_request_path(request), "/off")) CHECK_OK(swoole_http_response_compress(response, false, 0));
    if (swoole_data_is(swoole_http_request_path(request), "/9")) CHECK_OK(swoole_http_response_compress(response, true, 9));
    CHECK_OK(swoole_http_response_header(response, "Content-Type", "text/plain"));
    end_with(response, text);
}

static void with_compression(swoole_server *server) { CHECK_OK(swoole_server_set_bool(server, "http_compression", true)); }

static void a_body_is_compressed_for_who_takes_it(void) {
    serve_http(1, answer_much, with_compression);
    get_with("/", "Accept-Encoding: gzip\r\n");
    CHECK_TEXT(header("Content-Encoding"), "gzip");
    CHECK(body_len < 1000 && memcmp(body, "\x1f\x8b", 2) == 0);
    get_with("/9", "Accept-Encoding: deflate, br;q=0\r\n");
    CHECK_TEXT(header("Content-Encoding"), "deflate");
    get_with("/off", "Accept-Encoding: gzip\r\n");
    CHECK(header("Content-Encoding")[0] == 0 && body_len == 9999);
    get("/");
    CHECK(header("Content-Encoding")[0] == 0 && body_len == 9999);
    finish();
}

// ---- files that the library serves
static void with_static_files(swoole_server *server) {
    CHECK_OK(swoole_server_set_bool(server, "enable_static_handler", true));
    CHECK_OK(swoole_server_set_str(server, "document_root", "/tmp"));
}

static void a_static_file_needs_no_handler(void) {
    char target[100];
    snprintf(file_path, sizeof file_path, "/tmp/swoole_rs_%d.txt", (int)getpid());
    snprintf(target, sizeof target, "/swoole_rs_%d.txt", (int)getpid());
    FILE *file = fopen(file_path, "w");
    fputs("static", file);
    fclose(file);
    serve_http(1, send_elsewhere, with_static_files);
    CHECK_TEXT(get(target), "static");
    CHECK(status == 200 && strncmp(header("Content-Type"), "text/plain", 10) == 0);
    get("/../etc/passwd");
    CHECK(status >= 300);
    get("/swoole_rs_no_such_file");
    CHECK(status == 303);
    finish();
    unlink(file_path);
}

// ---- threads
static void *answer_from_a_thread(void *response) {
    CHECK(swoole_http_response_end((swoole_http_response *)response, "x", 1) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("thread");
    return NULL;
}

static void use_a_thread(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    pthread_t thread;
    (void)server, (void)request;
    CHECK(pthread_create(&thread, NULL, answer_from_a_thread, response) == 0);
    pthread_join(thread, NULL);
    end_with(response, "mine");
}

static void another_thread_is_refused(void) {
    serve_http(1, use_a_thread, NULL);
    CHECK_TEXT(get("/"), "mine");
    finish();
}

static const struct test tests[] = {
    {"status_headers_and_cookies_go_out", status_headers_and_cookies_go_out},
    {"nothing_splits_an_answer", nothing_splits_an_answer},
    {"a_body_goes_out_in_parts", a_body_goes_out_in_parts},
    {"a_file_is_sent", a_file_is_sent},
    {"a_client_is_sent_elsewhere", a_client_is_sent_elsewhere},
    {"who_is_not_answered_gets_500", who_is_not_answered_gets_500},
    {"a_worker_that_leaves_has_answered", a_worker_that_leaves_has_answered},
    {"who_waits_for_a_worker_that_dies_is_told", who_waits_for_a_worker_that_dies_is_told},
    {"another_worker_answers_what_was_given_up", another_worker_answers_what_was_given_up},
    {"a_body_is_compressed_for_who_takes_it", a_body_is_compressed_for_who_takes_it},
    {"a_static_file_needs_no_handler", a_static_file_needs_no_handler},
    {"another_thread_is_refused", another_thread_is_refused},
};
RUN(tests)
