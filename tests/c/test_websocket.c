// WebSocket servers.
#include "websocket.h"

static void (*settings)(swoole_server *server);

static void echo(void *userdata, swoole_server *server, const swoole_websocket_frame *frame) {
    (void)userdata;
    CHECK(frame->session > 0 && frame->port_id == 0 && frame->data != NULL && frame->close_code == 0);
    CHECK(frame->flags & SWOOLE_WEBSOCKET_FLAG_FIN);
    CHECK(swoole_server_is_established(server, frame->session));
    CHECK_OK(swoole_server_push(server, frame->session, frame->data, frame->len, frame->opcode, SWOOLE_WEBSOCKET_FLAG_FIN));
}

static void configure(swoole_server *server) {
    CHECK_OK(swoole_server_set_bool(server, "open_websocket_protocol", true));
    CHECK_OK(swoole_server_on_message(server, echo, NULL));
    if (settings) settings(server);
}

static void serve_websocket(int workers, void (*more)(swoole_server *server)) {
    settings = more;
    serve(workers, configure);
}

// ---- messages
static void a_message_comes_back(void) {
    serve_websocket(1, NULL);
    int fd = dial_websocket();
    say_text(fd, "hello");
    CHECK_TEXT(hear_text(fd), "hello");
    say_frame(fd, 0x82, "\0\xff", 2);
    CHECK(hear_frame(fd) == 0x82 && message_len == 2 && memcmp(message, "\0\xff", 2) == 0);
    say_frame(fd, 0x01, "in ", 3);
    say_frame(fd, 0x00, "three ", 6);
    say_frame(fd, 0x80, "parts", 5);
    CHECK_TEXT(hear_text(fd), "in three parts");
    close(fd);
    finish();
}

static void a_ping_is_answered_and_a_close_echoed(void) {
    serve_websocket(1, NULL);
    int fd = dial_websocket();
    say_frame(fd, 0x89, "are you there", 13);
    CHECK(hear_frame(fd) == 0x8a);
    CHECK_TEXT(message, "are you there");
    say_frame(fd, 0x88, "\x03\xe8", 2);
    CHECK(hear_close(fd) == 1000);
    CHECK(is_closed(fd));
    close(fd);
    finish();
}

static void a_client_that_breaks_the_protocol_is_closed(void) {
    serve_websocket(1, NULL);
    int fd = dial_websocket();
    say(fd, "\x81\x01x", 3); // not masked
    CHECK(hear_close(fd) == 1002);
    CHECK(is_closed(fd));
    close(fd);
    finish();
}

// ---- from elsewhere
static void push_in_parts(void *userdata, swoole_server *server, const swoole_websocket_frame *frame) {
    int64_t session = frame->session;
    (void)userdata;
    CHECK_OK(swoole_server_push(server, session, "one ", 4, SWOOLE_WEBSOCKET_OPCODE_TEXT, 0));
    CHECK_OK(swoole_server_push(server, session, "two", 3, SWOOLE_WEBSOCKET_OPCODE_CONTINUATION, SWOOLE_WEBSOCKET_FLAG_FIN));
    CHECK_OK(swoole_server_push(server, session, "p", 1, SWOOLE_WEBSOCKET_OPCODE_PING, SWOOLE_WEBSOCKET_FLAG_FIN));
}

static void use_parts(swoole_server *server) { CHECK_OK(swoole_server_on_message(server, push_in_parts, NULL)); }

static void a_message_goes_out_in_parts(void) {
    serve_websocket(1, use_parts);
    int fd = dial_websocket();
    say_text(fd, "go");
    CHECK(hear_frame(fd) == 0x01);
    CHECK_TEXT(message, "one ");
    CHECK(hear_frame(fd) == 0x80);
    CHECK_TEXT(message, "two");
    CHECK(hear_frame(fd) == 0x89);
    close(fd);
    finish();
}

static void tell_all(void *userdata, swoole_server *server, const swoole_websocket_frame *frame) {
    int64_t sessions[10];
    size_t count;
    char text[200];
    (void)userdata;
    snprintf(text, sizeof text, "%.*s from worker %d", (int)frame->len, (const char *)frame->data, swoole_server_worker_id(server));
    CHECK_OK(swoole_server_connection_list(server, 0, SWOOLE_ANY_PORT, sessions, 10, &count));
    for (size_t i = 0; i < count; i++)
        if (swoole_server_is_established(server, sessions[i])) push_text(server, sessions[i], text);
}

static void use_broadcast(swoole_server *server) {
    CHECK_OK(swoole_server_on_message(server, tell_all, NULL));
    CHECK_OK(swoole_server_set_int(server, "dispatch_mode", 1));
}

static void a_message_goes_to_connections_of_all_workers(void) {
    serve_websocket(2, use_broadcast);
    int one = dial_websocket(), two = dial_websocket(), three = dial_websocket();
    int plain = dial();
    say_text(one, "hello");
    CHECK(strncmp(hear_text(one), "hello from worker ", 18) == 0);
    CHECK(strncmp(hear_text(two), "hello from worker ", 18) == 0);
    CHECK(strncmp(hear_text(three), "hello from worker ", 18) == 0);
    close(one), close(two), close(three), close(plain);
    finish();
}

// ---- opening
static void greet(void *userdata, swoole_server *server, swoole_http_request *request) {
    char text[100] = "hello ";
    (void)userdata;
    CHECK(swoole_data_is(swoole_http_request_header(request, "upgrade"), "websocket"));
    append(text, sizeof text, "", swoole_http_request_query_value(request, "a"));
    push_text(server, swoole_http_request_session(request), text);
}

static void add_a_header(void *userdata, swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    (void)userdata, (void)server;
    if (swoole_http_request_header(request, "X-Unwanted").data) CHECK_OK(swoole_http_response_status(response, 403, NULL));
    if (swoole_http_request_header(request, "X-Teapot").data) {
        CHECK_OK(swoole_http_response_status(response, 418, NULL));
        end_with(response, "short and stout");
    }
    CHECK(swoole_http_response_header(response, "X-Added", "yes") == (swoole_http_response_is_writable(response) ? SWOOLE_OK : SWOOLE_ERROR_HTTP_CONTEXT_UNAVAILABLE));
}

static void use_open(swoole_server *server) {
    CHECK_OK(swoole_server_on_open(server, greet, NULL));
    CHECK_OK(swoole_server_on_before_handshake_response(server, add_a_header, NULL));
}

static void an_open_websocket_is_told(void) {
    serve_websocket(1, use_open);
    int fd = dial_websocket();
    CHECK_TEXT(header("X-Added"), "yes");
    CHECK_TEXT(hear_text(fd), "hello 1");
    close(fd);
    finish();
}

static void a_handshake_is_refused_by_a_status(void) {
    serve_websocket(1, use_open);
    close(ask_for_websocket("X-Unwanted: 1\r\n"));
    CHECK(status == 403);
    close(ask_for_websocket("X-Teapot: 1\r\n"));
    CHECK(status == 418);
    CHECK_TEXT(body, "short and stout");
    finish();
}

static void shake_hands(void *userdata, swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    static const char *const protocols[] = {"chess", "chat"};
    (void)userdata;
    if (swoole_http_request_header(request, "X-Unwanted").data) {
        CHECK_OK(swoole_http_response_status(response, 401, NULL));
        CHECK_OK(swoole_http_response_end(response, NULL, 0));
        return;
    }
    CHECK_OK(swoole_http_response_header(response, "X-Own", "yes"));
    CHECK_OK(swoole_http_response_upgrade(response, protocols, 2));
    push_text(server, swoole_http_request_session(request), "welcome");
}

static void use_own_handshake(swoole_server *server) { CHECK_OK(swoole_server_on_handshake(server, shake_hands, NULL)); }

static void a_program_shakes_hands_by_itself(void) {
    serve_websocket(1, use_own_handshake);
    int fd = ask_for_websocket("Sec-WebSocket-Protocol: chat, chess\r\n");
    CHECK(status == 101);
    CHECK_TEXT(header("X-Own"), "yes");
    CHECK(strcmp(header("Sec-WebSocket-Protocol"), "chess") == 0 || strcmp(header("Sec-WebSocket-Protocol"), "chat") == 0);
    CHECK_TEXT(hear_text(fd), "welcome");
    say_text(fd, "hello");
    CHECK_TEXT(hear_text(fd), "hello");
    close(fd);
    close(ask_for_websocket("X-Unwanted: 1\r\n"));
    CHECK(status == 401);
    finish();
}

// ---- ends
static void note_end(void *userdata, swoole_server *server, int64_t session, int32_t reactor) {
    (void)userdata, (void)server, (void)reactor;
    CHECK(session > 0);
    note('c');
}

static void note_disconnect(void *userdata, swoole_server *server, int64_t session) {
    (void)userdata, (void)server;
    CHECK(session > 0);
    note('d');
}

static void plain_request(void *userdata, swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    int64_t session = swoole_http_request_session(request);
    (void)userdata;
    CHECK(!swoole_server_is_established(server, session));
    CHECK(swoole_server_push(server, session, "x", 1, SWOOLE_WEBSOCKET_OPCODE_TEXT, SWOOLE_WEBSOCKET_FLAG_FIN) == SWOOLE_ERROR_WEBSOCKET_UNCONNECTED);
    CHECK(swoole_http_response_upgrade(response, NULL, 0) == SWOOLE_ERROR_WEBSOCKET_HANDSHAKE_FAILED);
    end_with(response, "plain");
}

static void use_ends(swoole_server *server) {
    CHECK_OK(swoole_server_on_close(server, note_end, NULL));
    CHECK_OK(swoole_server_on_disconnect(server, note_disconnect, NULL));
    CHECK_OK(swoole_server_on_request(server, plain_request, NULL));
}

static void a_websocket_closes_and_a_plain_connection_disconnects(void) {
    serve_websocket(1, use_ends);
    CHECK_TEXT(get("/"), "plain");
    await_note('d');
    CHECK(count_notes('c') == 0);
    close(dial_websocket());
    await_note('c');
    finish();
    CHECK(count_notes('d') == 1 && count_notes('c') == 1);
}

static void hang_up(void *userdata, swoole_server *server, const swoole_websocket_frame *frame) {
    int64_t session = frame->session;
    (void)userdata;
    if (frame->opcode == SWOOLE_WEBSOCKET_OPCODE_CLOSE) {
        CHECK(frame->close_code == 3001 && swoole_data_is(frame->close_reason, "enough") && frame->len == 0);
        note('e');
        return;
    }
    CHECK(swoole_server_disconnect(server, session, 1006, NULL, 0) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_server_disconnect(server, session, -1, NULL, 0) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_OK(swoole_server_disconnect(server, session, 4000, "go away", 7));
}

static void use_hang_up(swoole_server *server) {
    CHECK_OK(swoole_server_on_message(server, hang_up, NULL));
    CHECK_OK(swoole_server_set_bool(server, "open_websocket_close_frame", true));
}

static void a_server_says_why_it_closes(void) {
    serve_websocket(1, use_hang_up);
    int fd = dial_websocket();
    say_text(fd, "x");
    CHECK(hear_close(fd) == 4000);
    CHECK_TEXT(message, "go away");
    say_frame(fd, 0x88, "\x0f\xa0", 2);
    CHECK(is_closed(fd));
    close(fd);
    finish();
}

static void a_close_is_told_with_its_reason(void) {
    serve_websocket(1, use_hang_up);
    int fd = dial_websocket();
    say_frame(fd, 0x88, "\x0b\xb9" "enough", 8);
    await_note('e');
    close(fd);
    finish();
}

// ---- wrong calls
static void push_wrongly(void *userdata, swoole_server *server, const swoole_websocket_frame *frame) {
    static const char much[126] = "";
    int64_t session = frame->session;
    (void)userdata;
    CHECK(swoole_server_push(server, session, "\xff", 1, SWOOLE_WEBSOCKET_OPCODE_TEXT, SWOOLE_WEBSOCKET_FLAG_FIN) == SWOOLE_ERROR_WEBSOCKET_PACK_FAILED);
    CHECK(swoole_server_push(server, session, much, 126, SWOOLE_WEBSOCKET_OPCODE_PING, SWOOLE_WEBSOCKET_FLAG_FIN) == SWOOLE_ERROR_WEBSOCKET_PACK_FAILED);
    CHECK(swoole_server_push(server, session, "x", 1, 3, SWOOLE_WEBSOCKET_FLAG_FIN) == SWOOLE_ERROR_WEBSOCKET_BAD_OPCODE);
    CHECK(swoole_server_push(server, session, "x", 1, SWOOLE_WEBSOCKET_OPCODE_TEXT, 4) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_server_push(server, session, NULL, 1, SWOOLE_WEBSOCKET_OPCODE_TEXT, SWOOLE_WEBSOCKET_FLAG_FIN) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_server_push(NULL, session, "x", 1, SWOOLE_WEBSOCKET_OPCODE_TEXT, SWOOLE_WEBSOCKET_FLAG_FIN) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(!swoole_server_is_established(NULL, session) && !swoole_server_is_established(server, 999999));
    push_text(server, session, "still here");
}

static void use_wrong_calls(swoole_server *server) { CHECK_OK(swoole_server_on_message(server, push_wrongly, NULL)); }

static void what_cannot_be_sent_is_an_error(void) {
    serve_websocket(1, use_wrong_calls);
    int fd = dial_websocket();
    say_text(fd, "x");
    CHECK_TEXT(hear_text(fd), "still here");
    close(fd);
    finish();
}

static void without_a_message_callback_the_server_is_refused(void) {
    swoole_server *server;
    CHECK_OK(swoole_server_new(mode, &server));
    CHECK_OK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_TCP, NULL));
    CHECK_OK(swoole_server_set_bool(server, "open_websocket_protocol", true));
    CHECK(swoole_server_start(server) == SWOOLE_ERROR_SERVER_INVALID_CALLBACK);
    CHECK_MESSAGE("essage");
    swoole_server_free(server);
}

static const struct test tests[] = {
    {"a_message_comes_back", a_message_comes_back},
    {"a_ping_is_answered_and_a_close_echoed", a_ping_is_answered_and_a_close_echoed},
    {"a_client_that_breaks_the_protocol_is_closed", a_client_that_breaks_the_protocol_is_closed},
    {"a_message_goes_out_in_parts", a_message_goes_out_in_parts},
    {"a_message_goes_to_connections_of_all_workers", a_message_goes_to_connections_of_all_workers},
    {"an_open_websocket_is_told", an_open_websocket_is_told},
    {"a_handshake_is_refused_by_a_status", a_handshake_is_refused_by_a_status},
    {"a_program_shakes_hands_by_itself", a_program_shakes_hands_by_itself},
    {"a_websocket_closes_and_a_plain_connection_disconnects", a_websocket_closes_and_a_plain_connection_disconnects},
    {"a_server_says_why_it_closes", a_server_says_why_it_closes},
    {"a_close_is_told_with_its_reason", a_close_is_told_with_its_reason},
    {"what_cannot_be_sent_is_an_error", what_cannot_be_sent_is_an_error},
    {"without_a_message_callback_the_server_is_refused", without_a_message_callback_the_server_is_refused},
};
RUN(tests)
