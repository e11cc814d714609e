// The client that tells by callbacks: connecting, receiving, ending. What it does with what it sends is in
// test_async_client_data.c.
#include "async.h"

// ---- a conversation
static void greet(void *userdata, swoole_async_client *client) {
    CHECK(userdata == &mark && swoole_async_client_is_connected(client));
    see("connect");
    CHECK_OK(swoole_async_client_send(client, "hello", 5));
}

static void hear_and_close(void *userdata, swoole_async_client *client, const uint8_t *data, size_t len) {
    CHECK(userdata == &mark);
    see(is_text(data, len, "hello") ? "hello" : "something else");
    CHECK_OK(swoole_async_client_close(client, false));
    CHECK(swoole_async_client_close(client, false) == SWOOLE_ERROR_CLIENT_NO_CONNECTION);
    see("closing");
}

LOOP_TEST(events_come_in_their_order) {
    open_echo();
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_on_connect(client, greet, &mark));
    CHECK_OK(swoole_async_client_on_receive(client, hear_and_close, &mark));
    CHECK(swoole_async_client_descriptor(client) == -1 && !swoole_async_client_is_connected(client));
    dial_echo(client);
    CHECK_TEXT(seen, ""); // never inside a function of the client
    CHECK(!swoole_async_client_is_connected(client));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "connect hello closing close");
    CHECK(swoole_async_client_error(client) == 0 && swoole_async_client_queued(client) == 0);
    swoole_async_client_free(client);
}

static void look_at_addresses(void *userdata, swoole_async_client *client) {
    swoole_address own, other;
    (void)userdata;
    CHECK_OK(swoole_async_client_local_address(client, &own));
    CHECK_OK(swoole_async_client_peer_address(client, &other));
    CHECK_TEXT(own.host, "127.0.0.1");
    CHECK_TEXT(other.host, "127.0.0.1");
    CHECK(other.port == echo_port && own.port != 0 && own.port != other.port);
    CHECK(swoole_async_client_local_address(client, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_async_client_descriptor(client) >= 0);
    CHECK_OK(swoole_async_client_close(client, true));
}

LOOP_TEST(both_ends_have_addresses) {
    swoole_address own;
    open_echo();
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK(swoole_async_client_local_address(client, &own) == SWOOLE_ERROR_CLIENT_NO_CONNECTION);
    CHECK_OK(swoole_async_client_on_connect(client, look_at_addresses, NULL));
    dial_echo(client);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "close");
    swoole_async_client_free(client);
}

// ---- its end
static void ask_to_hang_up(void *userdata, swoole_async_client *client) {
    (void)userdata;
    CHECK_OK(swoole_async_client_send(client, "quit", 4));
}

LOOP_TEST(a_peer_that_closes_is_told_once) {
    open_echo();
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_on_connect(client, ask_to_hang_up, NULL));
    dial_echo(client);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "close");
    CHECK(!swoole_async_client_is_connected(client));
    CHECK(swoole_async_client_send(client, "x", 1) == SWOOLE_ERROR_CLIENT_NO_CONNECTION);
    CHECK(swoole_async_client_close(client, false) == SWOOLE_ERROR_CLIENT_NO_CONNECTION);
    swoole_async_client_free(client);
}

static int visits;
static void connect_again(void *userdata, swoole_async_client *client) {
    (void)userdata;
    see("close");
    if (++visits < 3) dial_echo(client);
    else close_echo();
}

LOOP_TEST(it_may_connect_again_in_its_close_event) {
    open_echo();
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_on_connect(client, ask_to_hang_up, NULL));
    CHECK_OK(swoole_async_client_on_close(client, connect_again, NULL));
    visits = 0;
    dial_echo(client);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "close close close");
    swoole_async_client_free(client);
}

static void end_the_sending(void *userdata, swoole_async_client *client) {
    (void)userdata;
    CHECK_OK(swoole_async_client_send(client, "hello", 5));
    CHECK_OK(swoole_async_client_shutdown(client, SHUT_WR));
    CHECK(swoole_async_client_shutdown(client, 9) == SWOOLE_ERROR_INVALID_PARAMS);
}

// The echo answers, sees the end, and closes.
LOOP_TEST(it_receives_after_it_has_ended_its_sending) {
    open_echo();
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_on_connect(client, end_the_sending, NULL));
    CHECK_OK(swoole_async_client_on_receive(client, see_data, NULL));
    dial_echo(client);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "hello close");
    swoole_async_client_free(client);
}

LOOP_TEST(a_loop_that_is_dropped_calls_nobody) {
    open_echo();
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_on_connect(client, see_client, (void *)"connect"));
    dial_echo(client);
    while (!strstr(seen, "connect")) CHECK_OK(swoole_event_dispatch());
    CHECK_OK(swoole_event_exit());
    CHECK(swoole_event_is_empty());
    swoole_async_client_free(client);
    CHECK_TEXT(seen, "connect");
    close(echo_listener);
}

// ---- freeing
static void free_it(void *userdata, swoole_async_client *client) {
    see((const char *)userdata);
    swoole_async_client_free(client);
    close_echo();
}

static void free_on_data(void *userdata, swoole_async_client *client, const uint8_t *data, size_t len) {
    CHECK(is_text(data, len, "hello"));
    free_it(userdata, client);
    CHECK(is_text(data, len, "hello")); // the bytes are good until the callback returns
}

static void free_on_error(void *userdata, swoole_async_client *client, swoole_result result) {
    CHECK(result == SWOOLE_ERROR_SYSTEM_CALL_FAIL && swoole_last_error() == ECONNREFUSED);
    free_it(userdata, client);
}

LOOP_TEST(it_may_be_freed_in_its_connect_event) {
    open_echo();
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_on_connect(client, free_it, (void *)"free"));
    dial_echo(client);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "free");
}

LOOP_TEST(it_may_be_freed_in_its_receive_event) {
    open_echo();
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_set_bool(client, "open_eof_split", true));
    CHECK_OK(swoole_async_client_set_str(client, "package_eof", "o"));
    CHECK_OK(swoole_async_client_on_connect(client, say_hello_twice, NULL));
    CHECK_OK(swoole_async_client_on_receive(client, free_on_data, (void *)"free"));
    dial_echo(client);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "free"); // the second package is nobody's
}

LOOP_TEST(it_may_be_freed_in_its_close_event) {
    open_echo();
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_on_connect(client, ask_to_hang_up, NULL));
    CHECK_OK(swoole_async_client_on_close(client, free_it, (void *)"free"));
    dial_echo(client);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "free");
}

LOOP_TEST(it_may_be_freed_in_its_error_event) {
    int port, dead = take_a_dead_port(&port);
    open_echo();
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_on_error(client, free_on_error, (void *)"free"));
    CHECK_OK(swoole_async_client_connect(client, "127.0.0.1", port, 10));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "free");
    close(dead);
}

LOOP_TEST(it_may_be_freed_while_it_connects) {
    int port, dead = take_a_dead_port(&port);
    swoole_async_client *one = new_client(SWOOLE_SOCK_TCP), *other = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_connect(one, "127.0.0.1", port, 10));
    CHECK_OK(swoole_async_client_connect(other, "no.such.host.invalid", 80, 10));
    swoole_async_client_free(one);
    swoole_async_client_free(other);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "");
    close(dead);
}

LOOP_TEST(closing_while_it_connects_gives_that_up) {
    int port, dead = take_a_dead_port(&port);
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_connect(client, "127.0.0.1", port, 10));
    CHECK_OK(swoole_async_client_close(client, false));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "");
    swoole_async_client_free(client);
    close(dead);
}

static void free_the_other(void *userdata, swoole_async_client *client) {
    swoole_async_client **clients = (swoole_async_client **)userdata;
    see("freed");
    swoole_async_client_free(clients[client == clients[0]]);
    swoole_async_client_free(client);
    close_echo();
}

// Both are connected by then, and both are to be told in one turn.
LOOP_TEST(one_may_free_another) {
    swoole_async_client *clients[2];
    open_echo();
    for (int i = 0; i < 2; i++) {
        clients[i] = new_client(SWOOLE_SOCK_TCP);
        CHECK_OK(swoole_async_client_on_connect(clients[i], free_the_other, clients));
        dial_echo(clients[i]);
    }
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "freed");
}

// ---- what fails
static void see_error(void *userdata, swoole_async_client *client, swoole_result result) {
    const char *place = (const char *)userdata;
    char text[32];
    snprintf(text, sizeof text, "%d", result == SWOOLE_ERROR_SYSTEM_CALL_FAIL ? swoole_last_error() : (int)result);
    see(text);
    CHECK_MESSAGE(place);
    CHECK(swoole_async_client_error(client) == swoole_last_error());
    CHECK(!swoole_async_client_is_connected(client));
}

static void fail_to_connect(const char *host, int port, double timeout, const char *wanted) {
    char place[96];
    snprintf(place, sizeof place, "%s:%d", host, port);
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_on_error(client, see_error, place));
    CHECK_OK(swoole_async_client_connect(client, host, port, timeout));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, wanted);
    swoole_async_client_free(client);
}

LOOP_TEST(a_refused_connection_is_an_error_and_nothing_else) {
    char wanted[16];
    int port, dead = take_a_dead_port(&port);
    snprintf(wanted, sizeof wanted, "%d", ECONNREFUSED);
    fail_to_connect("127.0.0.1", port, 10, wanted);
    close(dead);
}

// A listener that takes no more: what it is sent is dropped, as by a host that is not there.
LOOP_TEST(nobody_answers_within_the_timeout) {
    char wanted[16];
    int full[8];
    struct sockaddr_in address = local_address(0);
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 0) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    for (int i = 0; i < 8; i++) {
        full[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (connect(full[i], (struct sockaddr *)&address, sizeof address) != 0) CHECK(errno == EINPROGRESS);
    }
    double begin = seconds();
    snprintf(wanted, sizeof wanted, "%d", ETIMEDOUT);
    fail_to_connect("127.0.0.1", ntohs(address.sin_port), 0.1, wanted);
    CHECK(seconds() - begin >= 0.0999);
    for (int i = 0; i < 8; i++) close(full[i]);
    close(fd);
}

static void see_name_error(void *userdata, swoole_async_client *client, swoole_result result) {
    (void)userdata, (void)client;
    CHECK(result == SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED || result == SWOOLE_ERROR_DNSLOOKUP_RESOLVE_TIMEOUT);
    CHECK_MESSAGE("no.such.host.invalid");
    see("error");
}

LOOP_TEST(a_name_that_is_none_is_an_error) {
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_on_error(client, see_name_error, NULL));
    CHECK_OK(swoole_async_client_connect(client, "no.such.host.invalid", 80, 10));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "error");
    swoole_async_client_free(client);
}

static void connect_to_the_other(void *userdata, swoole_async_client *client, swoole_result result) {
    (void)userdata;
    CHECK(result == SWOOLE_ERROR_SYSTEM_CALL_FAIL);
    see("error");
    dial_echo(client);
}

LOOP_TEST(it_may_connect_elsewhere_in_its_error_event) {
    int port, dead = take_a_dead_port(&port);
    open_echo();
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_on_error(client, connect_to_the_other, NULL));
    CHECK_OK(swoole_async_client_on_connect(client, ask_to_hang_up, NULL));
    CHECK_OK(swoole_async_client_connect(client, "127.0.0.1", port, 10));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "error close");
    swoole_async_client_free(client);
    close(dead);
}

static void use_while_connected(void *userdata, swoole_async_client *client) {
    (void)userdata;
    CHECK(swoole_async_client_connect(client, "127.0.0.1", echo_port, 10) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_async_client_send(client, NULL, 1) == SWOOLE_ERROR_INVALID_PARAMS);
    see("used");
    CHECK_OK(swoole_async_client_close(client, false));
}

static void *use_from_another_thread(void *client) {
    swoole_async_client *another = NULL;
    CHECK(swoole_async_client_send((swoole_async_client *)client, "x", 1) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_async_client_new(SWOOLE_SOCK_TCP, &another) == SWOOLE_ERROR_WRONG_OPERATION && another == NULL);
    CHECK_MESSAGE("thread");
    swoole_async_client_free((swoole_async_client *)client); // refused
    return NULL;
}

LOOP_TEST(wrong_calls_are_refused) {
    pthread_t thread;
    swoole_async_client *client = NULL;
    CHECK(swoole_async_client_new(0, &client) == SWOOLE_ERROR_INVALID_PARAMS && client == NULL);
    CHECK(swoole_async_client_new(SWOOLE_SOCK_TCP, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    swoole_async_client_free(NULL);
    CHECK(swoole_async_client_on_connect(NULL, NULL, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(!swoole_async_client_is_connected(NULL) && swoole_async_client_descriptor(NULL) == -1);
    CHECK(swoole_async_client_error(NULL) == 0 && swoole_async_client_queued(NULL) == 0);
    open_echo();
    client = new_client(SWOOLE_SOCK_TCP);
    CHECK(swoole_async_client_connect(client, NULL, 1, 1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_async_client_connect(client, "127.0.0.1", 65536, 1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_async_client_connect(client, "127.0.0.1", 1, -1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_async_client_send(client, "x", 1) == SWOOLE_ERROR_CLIENT_NO_CONNECTION);
    CHECK(swoole_async_client_pause(client) == SWOOLE_ERROR_CLIENT_NO_CONNECTION);
    CHECK(swoole_async_client_shutdown(client, SHUT_WR) == SWOOLE_ERROR_CLIENT_NO_CONNECTION);
    CHECK(swoole_async_client_close(client, true) == SWOOLE_ERROR_CLIENT_NO_CONNECTION);
    CHECK(swoole_async_client_set_str(client, "open_eof_check", "perhaps") == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_async_client_set_int(client, NULL, 1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_async_client_set_float(client, "bind_port", 0.5) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(pthread_create(&thread, NULL, use_from_another_thread, client) == 0 && pthread_join(thread, NULL) == 0);
    CHECK_OK(swoole_async_client_on_connect(client, use_while_connected, NULL));
    dial_echo(client);
    CHECK(swoole_async_client_connect(client, "127.0.0.1", echo_port, 10) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "used close");
    swoole_async_client_free(client);
}

// ---- forks
static void fork_inside(void *userdata, swoole_async_client *client) {
    int status = -1;
    (void)userdata;
    pid_t pid = fork();
    if (pid == 0) {
        CHECK(swoole_event_is_empty());
        swoole_async_client_free(client);
        exit(0);
    }
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    see("forked");
    // The connection is still there.
    CHECK_OK(swoole_async_client_send(client, "hello", 5));
}

LOOP_TEST(a_forked_process_does_not_end_its_parents_connection) {
    open_echo();
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_on_connect(client, fork_inside, NULL));
    CHECK_OK(swoole_async_client_on_receive(client, hear_and_close, &mark));
    dial_echo(client);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "forked hello closing close");
    swoole_async_client_free(client);
}

// ---- in a server: a worker that asks another server
static swoole_server *own;
static int64_t asker;

static void pass_on(void *userdata, swoole_async_client *client, const uint8_t *data, size_t len) {
    (void)userdata;
    CHECK_OK(swoole_server_send(own, asker, data, len));
    swoole_async_client_free(client);
}

static void ask(void *userdata, swoole_async_client *client) {
    CHECK_OK(swoole_async_client_send(client, userdata, strlen((const char *)userdata)));
}

static void ask_another(swoole_server *server, int64_t session) {
    own = server, asker = session;
    swoole_async_client *client = NULL;
    CHECK_OK(swoole_async_client_new(SWOOLE_SOCK_TCP, &client));
    CHECK_OK(swoole_async_client_on_connect(client, ask, (void *)"question\n"));
    CHECK_OK(swoole_async_client_on_receive(client, pass_on, NULL));
    CHECK_OK(swoole_async_client_connect(client, "127.0.0.1", peer_port, 10));
}

static void configure(swoole_server *server) { CHECK_OK(swoole_server_on_receive(server, do_job, NULL)); }

static void say_back(int fd) {
    char text[64];
    ssize_t got = recv(fd, text, sizeof text, 0);
    if (got > 0) say(fd, text, (size_t)got);
}

static void a_worker_asks_another_server(void) {
    begin_peer(say_back);
    job = ask_another;
    serve(1, configure);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "question");
    CHECK_TEXT(talk(fd, "go"), "question");
    close(fd);
    finish();
    end_peer();
}

static const struct test tests[] = {
    {"events_come_in_their_order", events_come_in_their_order},
    {"both_ends_have_addresses", both_ends_have_addresses},
    {"a_peer_that_closes_is_told_once", a_peer_that_closes_is_told_once},
    {"it_may_connect_again_in_its_close_event", it_may_connect_again_in_its_close_event},
    {"it_receives_after_it_has_ended_its_sending", it_receives_after_it_has_ended_its_sending},
    {"a_loop_that_is_dropped_calls_nobody", a_loop_that_is_dropped_calls_nobody},
    {"it_may_be_freed_in_its_connect_event", it_may_be_freed_in_its_connect_event},
    {"it_may_be_freed_in_its_receive_event", it_may_be_freed_in_its_receive_event},
    {"it_may_be_freed_in_its_close_event", it_may_be_freed_in_its_close_event},
    {"it_may_be_freed_in_its_error_event", it_may_be_freed_in_its_error_event},
    {"it_may_be_freed_while_it_connects", it_may_be_freed_while_it_connects},
    {"closing_while_it_connects_gives_that_up", closing_while_it_connects_gives_that_up},
    {"one_may_free_another", one_may_free_another},
    {"a_refused_connection_is_an_error_and_nothing_else", a_refused_connection_is_an_error_and_nothing_else},
    {"nobody_answers_within_the_timeout", nobody_answers_within_the_timeout},
    {"a_name_that_is_none_is_an_error", a_name_that_is_none_is_an_error},
    {"it_may_connect_elsewhere_in_its_error_event", it_may_connect_elsewhere_in_its_error_event},
    {"wrong_calls_are_refused", wrong_calls_are_refused},
    {"a_forked_process_does_not_end_its_parents_connection", a_forked_process_does_not_end_its_parents_connection},
    {"a_worker_asks_another_server", a_worker_asks_another_server},
};
RUN(tests)
