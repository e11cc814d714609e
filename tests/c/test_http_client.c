// The event-driven HTTP client, and the WebSocket that it may become.
#include "certificates.h"
#include "http.h"

#include <stdarg.h>

// ---- what happened, in order
static char heard[8192];
static void hear_that(const char *format, ...) {
    size_t len = strlen(heard);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(heard + len, sizeof heard - len, format, arguments);
    va_end(arguments);
}

static void hear_data(const char *before, swoole_data data) { append(heard, sizeof heard, before, data); }

// ---- the server
static void tell_request(swoole_http_request *request, swoole_http_response *response) {
    char text[4096] = "";
    size_t place = 0;
    swoole_http_field field;
    swoole_http_file file;
    append(text, sizeof text, "", swoole_http_request_method(request));
    append(text, sizeof text, " ", swoole_http_request_target(request));
    append(text, sizeof text, " x=", swoole_http_request_header(request, "X-Test"));
    append(text, sizeof text, " body=", swoole_http_request_body(request));
    for (; swoole_http_request_next_form_value(request, &place, &field);) {
        append(text, sizeof text, " ", field.name);
        append(text, sizeof text, "=", field.value);
    }
    for (place = 0; swoole_http_request_next_file(request, &place, &file);) {
        append(text, sizeof text, " [", file.name);
        append(text, sizeof text, " ", file.file_name);
        append(text, sizeof text, " ", file.media_type);
        append(text, sizeof text, " ", file.content);
        strcat(text, "]");
    }
    CHECK_OK(swoole_http_response_header(response, "X-Answer", "yes"));
    CHECK_OK(swoole_http_response_status(response, 201, "Made"));
    end_with(response, text);
}

static void serve_all(void *userdata, swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    static char much[20000];
    swoole_data path = swoole_http_request_path(request);
    char text[200] = "";
    (void)userdata, (void)server;
    if (swoole_data_is(path, "/session")) {
        snprintf(text, sizeof text, "%" PRId64, swoole_http_request_session(request));
        end_with(response, text);
    } else if (swoole_data_is(path, "/cookie")) {
        swoole_http_cookie cookie;
        append(text, sizeof text, "had ", swoole_http_request_cookie(request, "a"));
        memset(&cookie, 0, sizeof cookie);
        cookie.name = "a";
        cookie.value = "1 2";
        CHECK_OK(swoole_http_response_cookie(response, &cookie));
        end_with(response, text);
    } else if (swoole_data_is(path, "/never")) {
        static swoole_http_response *never;
        CHECK_OK(swoole_http_response_keep(response)); // it ends with the worker
        never = response;
        CHECK(never != NULL);
    } else if (swoole_data_is(path, "/much")) {
        memset(much, 'm', sizeof much - 1);
        CHECK_OK(swoole_http_response_header(response, "Content-Type", "text/plain"));
        end_with(response, much);
    } else if (swoole_data_is(path, "/parts")) {
        CHECK_OK(swoole_http_response_trailer(response, "X-Sum", "7"));
        CHECK_OK(swoole_http_response_write(response, "in ", 3));
        end_with(response, "parts");
    } else tell_request(request, response);
}

static void echo_frame(void *userdata, swoole_server *server, const swoole_websocket_frame *frame) {
    (void)userdata;
    if (frame->len == 4 && memcmp(frame->data, "quit", 4) == 0) CHECK_OK(swoole_server_disconnect(server, frame->session, 4001, "as asked", 8));
    else CHECK_OK(swoole_server_push(server, frame->session, frame->data, frame->len, frame->opcode, SWOOLE_WEBSOCKET_FLAG_FIN));
}

static void refuse_some(void *userdata, swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    (void)userdata, (void)server;
    if (swoole_data_is(swoole_http_request_path(request), "/refused")) CHECK_OK(swoole_http_response_status(response, 403, NULL));
}

static void configure(swoole_server *server) {
    CHECK_OK(swoole_server_set_bool(server, "open_websocket_protocol", true));
    CHECK_OK(swoole_server_set_bool(server, "http_compression", true));
    CHECK_OK(swoole_server_on_request(server, serve_all, NULL));
    CHECK_OK(swoole_server_on_message(server, echo_frame, NULL));
    CHECK_OK(swoole_server_on_before_handshake_response(server, refuse_some, NULL));
    int32_t id = listen_with_tls(server);
    CHECK_OK(swoole_server_set_port_bool(server, id, "open_websocket_protocol", true));
}

// ---- the client
static int mark;

static swoole_http_client *new_client(void) {
    swoole_http_client *client = NULL;
    heard[0] = 0;
    CHECK_OK(swoole_http_client_new("127.0.0.1", shared->port, false, &client));
    CHECK_OK(swoole_http_client_set_float(client, "timeout", PATIENCE_MS / 1000));
    return client;
}

static void hear_body(void *userdata, swoole_http_client *client, const swoole_http_answer *answer) {
    CHECK(client != NULL && userdata == &mark);
    hear_that("%d ", swoole_http_answer_status(answer));
    hear_data("", swoole_http_answer_body(answer));
    hear_that("\n");
}

static void run(swoole_http_client *client) {
    CHECK_OK(swoole_event_wait());
    swoole_http_client_free(client);
}

static void hear_all(void *userdata, swoole_http_client *client, const swoole_http_answer *answer) {
    size_t place = 0;
    swoole_http_field field;
    bool found = false;
    (void)userdata;
    hear_that("%d ", swoole_http_answer_status(answer));
    hear_data("", swoole_http_answer_reason(answer));
    hear_data(" ", swoole_http_answer_header(answer, "x-ANSWER"));
    hear_data(" ", swoole_http_answer_header(answer, "X-None"));
    while (swoole_http_answer_next_header(answer, &place, &field)) found |= swoole_data_is(field.name, "x-answer");
    CHECK(found && place > 1);
    CHECK(swoole_http_answer_header(answer, NULL).data == NULL && swoole_http_answer_status(NULL) == 0);
    CHECK(!swoole_http_answer_next_header(answer, NULL, &field));
    CHECK(swoole_http_client_is_connected(client) && !swoole_http_client_is_websocket(client));
    CHECK(swoole_http_client_descriptor(client) >= 0 && swoole_http_client_error(client) == 0);
    hear_data(" ", swoole_http_answer_body(answer));
}

static void a_page_is_fetched(void) {
    serve(1, configure);
    swoole_http_client *client = new_client();
    CHECK_OK(swoole_http_client_get(client, "/page?a=b", hear_all, &mark));
    CHECK(swoole_http_client_pending(client) == 1 && heard[0] == 0);
    run(client);
    CHECK_TEXT(heard, "201 Made yes nothing GET /page?a=b x=nothing body=");
    finish();
}

static void any_request_is_sent(void) {
    static const swoole_http_pair headers[] = {{"X-Test", "9"}, {"Content-Type", "text/plain"}};
    swoole_http_client_request request;
    serve(1, configure);
    swoole_http_client *client = new_client();
    memset(&request, 0, sizeof request);
    request.method = "PUT";
    request.target = "/put";
    request.headers = headers;
    request.header_count = 2;
    request.body = "some\0thing";
    request.body_len = 4;
    CHECK_OK(swoole_http_client_execute(client, &request, hear_body, &mark));
    memset(&request, 0, sizeof request);
    CHECK_OK(swoole_http_client_execute(client, &request, hear_body, &mark));
    run(client);
    CHECK_TEXT(heard, "201 PUT /put x=9 body=some\n201 GET / x=nothing body=\n");
    finish();
}

static void forms_and_files_are_sent(void) {
    static const swoole_http_pair fields[] = {{"a b", "1&2"}, {"c", ""}};
    swoole_http_client_request request;
    swoole_http_upload upload;
    char path[64];
    snprintf(path, sizeof path, "/tmp/swoole_rs_%d.txt", (int)getpid());
    FILE *file = fopen(path, "w");
    fputs("0123456789", file);
    fclose(file);
    serve(1, configure);
    swoole_http_client *client = new_client();
    memset(&request, 0, sizeof request);
    request.fields = fields;
    request.field_count = 2;
    CHECK_OK(swoole_http_client_execute(client, &request, hear_body, &mark));
    CHECK_OK(swoole_event_wait());
    CHECK(strncmp(heard, "201 POST / x=nothing body=a", 27) == 0 && strstr(heard, " a b=1&2 c=\n") != NULL);
    heard[0] = 0;
    memset(&upload, 0, sizeof upload);
    upload.name = "f";
    upload.path = path;
    upload.file_name = "n.txt";
    upload.offset = 2;
    upload.length = 3;
    request.uploads = &upload;
    request.upload_count = 1;
    CHECK_OK(swoole_http_client_execute(client, &request, hear_body, &mark));
    upload.path = "/no/such/file";
    CHECK(swoole_http_client_execute(client, &request, hear_body, &mark) == SWOOLE_ERROR_FILE_NOT_EXIST);
    request.body = "x";
    CHECK(swoole_http_client_execute(client, &request, hear_body, &mark) == SWOOLE_ERROR_INVALID_PARAMS);
    run(client);
    CHECK(strstr(heard, " a b=1&2 c= [f n.txt text/plain 234]\n") != NULL);
    finish();
    unlink(path);
}

static void requests_share_a_connection(void) {
    int one = 0, two = 0, three = 0;
    serve(1, configure);
    swoole_http_client *client = new_client();
    for (int i = 0; i < 3; i++) CHECK_OK(swoole_http_client_get(client, "/session", hear_body, &mark));
    CHECK(swoole_http_client_pending(client) == 3);
    run(client);
    CHECK(sscanf(heard, "200 %d\n200 %d\n200 %d\n", &one, &two, &three) == 3);
    CHECK(one > 0 && one == two && two == three);
    finish();
}

static void cookies_are_kept(void) {
    static const swoole_http_pair cookies[] = {{"a", "given"}, {"b", "2"}};
    swoole_bytes value;
    serve(1, configure);
    swoole_http_client *client = new_client();
    for (int i = 0; i < 2; i++) CHECK_OK(swoole_http_client_get(client, "/cookie", hear_body, &mark));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(heard, "200 had nothing\n200 had 1 2\n");
    CHECK_OK(swoole_http_client_cookie(client, "a", &value));
    CHECK(value.data != NULL);
    swoole_bytes_free(&value);
    CHECK_OK(swoole_http_client_cookie(client, "none", &value));
    CHECK(value.data == NULL);
    heard[0] = 0;
    CHECK_OK(swoole_http_client_set_cookies(client, cookies, 2));
    CHECK_OK(swoole_http_client_get(client, "/cookie", hear_body, &mark));
    run(client);
    CHECK_TEXT(heard, "200 had given\n");
    finish();
}

static void hear_length(void *userdata, swoole_http_client *client, const swoole_http_answer *answer) {
    size_t place = 0;
    swoole_http_field field;
    (void)userdata, (void)client;
    hear_that("%d %zu ", swoole_http_answer_status(answer), swoole_http_answer_body(answer).len);
    while (swoole_http_answer_next_trailer(answer, &place, &field)) {
        hear_data("", field.name);
        hear_data("=", field.value);
    }
}

static void a_body_is_uncompressed_and_put_together(void) {
    serve(1, configure);
    swoole_http_client *client = new_client();
    CHECK_OK(swoole_http_client_get(client, "/much", hear_length, NULL));
    CHECK_OK(swoole_http_client_get(client, "/parts", hear_length, NULL));
    run(client);
    CHECK_TEXT(heard, "200 19999 200 8 x-sum=7");
    finish();
}

static void hear_downloaded(void *userdata, swoole_http_client *client, const swoole_http_answer *answer) {
    (void)userdata, (void)client;
    CHECK(swoole_http_answer_body(answer).len == 0);
    hear_that("%d %" PRIu64, swoole_http_answer_status(answer), swoole_http_answer_downloaded(answer));
}

static void a_file_is_downloaded(void) {
    char path[64];
    struct stat info;
    swoole_http_client_request request;
    snprintf(path, sizeof path, "/tmp/swoole_rs_%d.down", (int)getpid());
    serve(1, configure);
    swoole_http_client *client = new_client();
    memset(&request, 0, sizeof request);
    request.target = "/much";
    request.download_path = path;
    CHECK_OK(swoole_http_client_execute(client, &request, hear_downloaded, NULL));
    run(client);
    CHECK_TEXT(heard, "200 19999");
    CHECK(stat(path, &info) == 0 && info.st_size == 19999);
    unlink(path);
    finish();
}

// ---- no answer
static void hear_failure(void *userdata, swoole_http_client *client, const swoole_http_answer *answer) {
    size_t place = 0;
    swoole_http_field field;
    (void)userdata, (void)client;
    CHECK(swoole_http_answer_body(answer).data == NULL && !swoole_http_answer_next_header(answer, &place, &field));
    CHECK(swoole_last_error_message()[0] != 0);
    hear_that("failed %d", swoole_http_answer_status(answer));
}

static void hear_connect_error(void *userdata, swoole_http_client *client, swoole_result result) {
    (void)userdata, (void)client;
    CHECK(result == SWOOLE_ERROR_SYSTEM_CALL_FAIL && swoole_last_error() == ECONNREFUSED);
    hear_that("error ");
}

static void an_answer_that_does_not_come_is_told(void) {
    serve(1, configure);
    swoole_http_client *client = new_client();
    CHECK_OK(swoole_http_client_set_float(client, "timeout", 0.2));
    CHECK_OK(swoole_http_client_get(client, "/never", hear_failure, NULL));
    run(client);
    CHECK_TEXT(heard, "failed -2");
    finish();
}

static void a_server_that_is_not_there_is_told(void) {
    struct sockaddr_in address = local_address(0);
    socklen_t size = sizeof address;
    swoole_http_client *client = NULL;
    int dead = socket(AF_INET, SOCK_STREAM, 0);
    heard[0] = 0;
    CHECK(bind(dead, (struct sockaddr *)&address, sizeof address) == 0 && getsockname(dead, (struct sockaddr *)&address, &size) == 0);
    CHECK_OK(swoole_http_client_new("127.0.0.1", ntohs(address.sin_port), false, &client));
    CHECK_OK(swoole_http_client_on_error(client, hear_connect_error, NULL));
    CHECK_OK(swoole_http_client_get(client, "/", hear_failure, NULL));
    run(client);
    CHECK_TEXT(heard, "error failed -1");
    close(dead);
}

// ---- its end
static void hear_event(void *userdata, swoole_http_client *client) {
    CHECK(client != NULL);
    hear_that("%s ", (const char *)userdata);
}

static void close_it(void *userdata, swoole_http_client *client, const swoole_http_answer *answer) {
    (void)userdata;
    hear_that("%d ", swoole_http_answer_status(answer));
    CHECK_OK(swoole_http_client_close(client));
    CHECK(!swoole_http_client_is_connected(client));
}

static void connecting_and_closing_are_told(void) {
    serve(1, configure);
    swoole_http_client *client = new_client();
    CHECK_OK(swoole_http_client_on_connect(client, hear_event, (void *)"connect"));
    CHECK_OK(swoole_http_client_on_close(client, hear_event, (void *)"close"));
    CHECK(swoole_http_client_close(client) == SWOOLE_ERROR_CLIENT_NO_CONNECTION);
    CHECK_OK(swoole_http_client_get(client, "/session", close_it, NULL));
    run(client);
    CHECK_TEXT(heard, "connect 200 close ");
    finish();
}

static void free_it(void *userdata, swoole_http_client *client, const swoole_http_answer *answer) {
    (void)userdata, (void)answer;
    hear_that("freed");
    swoole_http_client_free(client);
}

static void a_client_may_be_freed_in_its_callback(void) {
    serve(1, configure);
    swoole_http_client *client = new_client();
    CHECK_OK(swoole_http_client_on_close(client, hear_event, (void *)"close"));
    CHECK_OK(swoole_http_client_get(client, "/session", free_it, NULL));
    CHECK_OK(swoole_http_client_get(client, "/session", hear_body, &mark));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(heard, "freed");
    client = new_client();
    CHECK_OK(swoole_http_client_get(client, "/session", hear_body, &mark));
    swoole_http_client_free(client);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(heard, "");
    finish();
}

// ---- WebSocket
static void begin_to_talk(void *userdata, swoole_http_client *client, const swoole_http_answer *answer) {
    CHECK(userdata == &mark);
    hear_that("%d ", swoole_http_answer_status(answer));
    CHECK(swoole_http_client_is_websocket(client));
    CHECK(swoole_http_client_get(client, "/", hear_body, &mark) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_http_client_push(client, "\xff", 1, SWOOLE_WEBSOCKET_OPCODE_TEXT, SWOOLE_WEBSOCKET_FLAG_FIN) == SWOOLE_ERROR_WEBSOCKET_PACK_FAILED);
    CHECK(swoole_http_client_push(client, "x", 1, 4, SWOOLE_WEBSOCKET_FLAG_FIN) == SWOOLE_ERROR_WEBSOCKET_BAD_OPCODE);
    CHECK_OK(swoole_http_client_push(client, "hello", 5, SWOOLE_WEBSOCKET_OPCODE_TEXT, SWOOLE_WEBSOCKET_FLAG_FIN));
}

static void talk_on(void *userdata, swoole_http_client *client, const swoole_websocket_frame *frame) {
    CHECK(userdata == &mark && frame->session == 0 && frame->flags & SWOOLE_WEBSOCKET_FLAG_FIN);
    if (frame->opcode == SWOOLE_WEBSOCKET_OPCODE_CLOSE) {
        hear_that("code %d ", frame->close_code);
        hear_data("", frame->close_reason);
        hear_that(" ");
        return;
    }
    hear_that("%d:%.*s ", frame->opcode, (int)frame->len, (const char *)frame->data);
    if (frame->opcode == SWOOLE_WEBSOCKET_OPCODE_TEXT)
        CHECK_OK(swoole_http_client_push(client, "bytes", 5, SWOOLE_WEBSOCKET_OPCODE_BINARY, SWOOLE_WEBSOCKET_FLAG_FIN));
    else CHECK_OK(swoole_http_client_push(client, "quit", 4, SWOOLE_WEBSOCKET_OPCODE_TEXT, SWOOLE_WEBSOCKET_FLAG_FIN));
}

static void talk_over(swoole_http_client *client) {
    CHECK_OK(swoole_http_client_set_bool(client, "open_websocket_close_frame", true));
    CHECK_OK(swoole_http_client_on_message(client, talk_on, &mark));
    CHECK_OK(swoole_http_client_on_close(client, hear_event, (void *)"close"));
    CHECK(swoole_http_client_push(client, "x", 1, SWOOLE_WEBSOCKET_OPCODE_TEXT, SWOOLE_WEBSOCKET_FLAG_FIN) == SWOOLE_ERROR_WEBSOCKET_UNCONNECTED);
    CHECK_OK(swoole_http_client_upgrade(client, "/ws", NULL, 0, begin_to_talk, &mark));
    run(client);
    CHECK_TEXT(heard, "101 1:hello 2:bytes code 4001 as asked close ");
}

static void a_client_becomes_a_websocket(void) {
    serve(1, configure);
    talk_over(new_client());
    finish();
}

static void hear_status(void *userdata, swoole_http_client *client, const swoole_http_answer *answer) {
    (void)userdata;
    hear_that("%d", swoole_http_answer_status(answer));
    CHECK(!swoole_http_client_is_websocket(client));
}

static void a_server_refuses_a_websocket(void) {
    static const swoole_http_pair headers[] = {{"X-Test", "1"}};
    serve(1, configure);
    swoole_http_client *client = new_client();
    CHECK_OK(swoole_http_client_upgrade(client, "/refused", headers, 1, hear_status, NULL));
    run(client);
    CHECK_TEXT(heard, "403");
    finish();
}

// ---- TLS
static swoole_http_client *new_secure_client(const char *host) {
    swoole_http_client *client = NULL;
    heard[0] = 0;
    CHECK_OK(swoole_http_client_new("127.0.0.1", shared->pid[1], true, &client));
    CHECK_OK(swoole_http_client_set_str(client, "ssl_host_name", host));
    CHECK_OK(swoole_http_client_set_str(client, "ssl_cafile", certificate("ca.pem")));
    CHECK_OK(swoole_http_client_set_bool(client, "ssl_verify_peer", true));
    CHECK_OK(swoole_http_client_set_float(client, "timeout", PATIENCE_MS / 1000));
    return client;
}

static void all_of_it_goes_over_tls(void) {
    serve(1, configure);
    swoole_http_client *client = new_secure_client("localhost");
    CHECK_OK(swoole_http_client_get(client, "/much", hear_length, NULL));
    run(client);
    CHECK_TEXT(heard, "200 19999 ");
    talk_over(new_secure_client("localhost"));
    client = new_secure_client("example.com");
    CHECK_OK(swoole_http_client_get(client, "/much", hear_failure, NULL));
    run(client);
    CHECK_TEXT(heard, "failed -1");
    finish();
}

// ---- wrong calls
static void wrong_calls_are_errors(void) {
    static const swoole_http_pair bad[] = {{"X-A", "1\r\nX-B: 2"}, {NULL, NULL}};
    swoole_http_client_request request;
    swoole_http_client *client = NULL;
    heard[0] = 0;
    CHECK(swoole_http_client_new(NULL, 80, false, &client) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_client_new("", 80, false, &client) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_client_new("127.0.0.1", 70000, false, &client) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_client_new("127.0.0.1", 80, false, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_OK(swoole_http_client_new("127.0.0.1", 80, false, &client));
    CHECK(swoole_http_client_get(client, NULL, hear_body, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_client_get(client, "/", NULL, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_client_get(client, "/ HTTP/1.1\r\nX: 1", hear_body, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_client_get(NULL, "/", hear_body, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_client_execute(client, NULL, hear_body, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    memset(&request, 0, sizeof request);
    request.headers = bad;
    request.header_count = 1;
    CHECK(swoole_http_client_execute(client, &request, hear_body, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    request.header_count = 2;
    CHECK(swoole_http_client_execute(client, &request, hear_body, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    request.headers = NULL;
    CHECK(swoole_http_client_execute(client, &request, hear_body, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_client_set_str(client, "timeout", "soon") == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_http_client_on_connect(NULL, NULL, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(!swoole_http_client_is_connected(NULL) && swoole_http_client_descriptor(NULL) == -1 && swoole_http_client_pending(NULL) == 0);
    CHECK(swoole_http_client_pending(client) == 0);
    swoole_http_client_free(client);
    swoole_http_client_free(NULL);
    CHECK(swoole_event_is_empty());
}

static const struct test tests[] = {
    {"a_page_is_fetched", a_page_is_fetched},
    {"any_request_is_sent", any_request_is_sent},
    {"forms_and_files_are_sent", forms_and_files_are_sent},
    {"requests_share_a_connection", requests_share_a_connection},
    {"cookies_are_kept", cookies_are_kept},
    {"a_body_is_uncompressed_and_put_together", a_body_is_uncompressed_and_put_together},
    {"a_file_is_downloaded", a_file_is_downloaded},
    {"an_answer_that_does_not_come_is_told", an_answer_that_does_not_come_is_told},
    {"a_server_that_is_not_there_is_told", a_server_that_is_not_there_is_told},
    {"connecting_and_closing_are_told", connecting_and_closing_are_told},
    {"a_client_may_be_freed_in_its_callback", a_client_may_be_freed_in_its_callback},
    {"a_client_becomes_a_websocket", a_client_becomes_a_websocket},
    {"a_server_refuses_a_websocket", a_server_refuses_a_websocket},
    {"all_of_it_goes_over_tls", all_of_it_goes_over_tls},
    {"wrong_calls_are_errors", wrong_calls_are_errors},
};
RUN(tests)
