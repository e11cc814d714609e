// The client that tells by callbacks: packages, slow peers, files, datagrams, many at once.
#include "async.h"

#include <sys/resource.h>

static void hang_up_at(void *userdata, swoole_async_client *client, const uint8_t *data, size_t len) {
    see_data(NULL, client, data, len);
    if (memchr(data, *(const char *)userdata, len)) CHECK_OK(swoole_async_client_close(client, false));
}

static void send_text(void *userdata, swoole_async_client *client) {
    CHECK_OK(swoole_async_client_send(client, userdata, strlen((const char *)userdata)));
}

// ---- packages
LOOP_TEST(packages_with_an_end_mark_come_one_by_one) {
    open_echo();
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_set_bool(client, "open_eof_split", true));
    CHECK_OK(swoole_async_client_set_bytes(client, "package_eof", ";", 1));
    CHECK_OK(swoole_async_client_on_connect(client, send_text, (void *)"one;two;three!;more;"));
    CHECK_OK(swoole_async_client_on_receive(client, hang_up_at, (void *)"!"));
    dial_echo(client);
    CHECK_OK(swoole_event_wait());
    // What comes after it has closed is not received.
    CHECK_TEXT(seen, "one; two; three!; close");
    swoole_async_client_free(client);
}

static ptrdiff_t measure(void *userdata, swoole_async_client *client, const uint8_t *data, size_t len) {
    CHECK(userdata == &mark && client != NULL);
    // What it must not do, it is not let do.
    CHECK(swoole_async_client_close(client, true) == SWOOLE_ERROR_WRONG_OPERATION);
    swoole_async_client_free(client);
    CHECK_MESSAGE("package-length function");
    return len == 0 ? 0 : data[0] == '!' ? -1 : data[0] - '0';
}

LOOP_TEST(a_function_tells_the_length) {
    open_echo();
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_set_bool(client, "open_length_check", true));
    CHECK_OK(swoole_async_client_set_package_length_func(client, measure, &mark));
    CHECK_OK(swoole_async_client_on_connect(client, send_text, (void *)"3ab5abcd!"));
    CHECK_OK(swoole_async_client_on_receive(client, see_data, NULL));
    dial_echo(client);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "3ab 5abcd close"); // bad data closes it
    CHECK(swoole_async_client_error(client) != 0);
    swoole_async_client_free(client);
}

// ---- much to send
#define MUCH (4 << 20)
static size_t came;
static char *much;

static void send_much(void *userdata, swoole_async_client *client) {
    (void)userdata;
    CHECK_OK(swoole_async_client_send(client, much, MUCH));
    see("sent");
}

// The peer is of the same loop: it takes nothing meanwhile.
static void send_much_that_waits(void *userdata, swoole_async_client *client) {
    send_much(userdata, client);
    CHECK(swoole_async_client_queued(client) > 0);
}

static void count_echo(void *userdata, swoole_async_client *client, const uint8_t *data, size_t len) {
    bool in_order = true;
    (void)userdata;
    for (size_t i = 0; i < len; i++) in_order = in_order && data[i] == (uint8_t)((came + i) % 251);
    CHECK(in_order);
    came += len;
    if (came == MUCH) CHECK_OK(swoole_async_client_close(client, false));
}

static void make_much(void) {
    much = (char *)malloc(MUCH);
    for (size_t i = 0; i < MUCH; i++) much[i] = (char)(i % 251);
}

LOOP_TEST(what_is_sent_goes_as_the_peer_takes_it) {
    make_much();
    open_echo();
    came = 0;
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_set_int(client, "socket_buffer_size", 8 << 20));
    CHECK_OK(swoole_async_client_set_int(client, "kernel_socket_send_buffer_size", 64 << 10));
    CHECK_OK(swoole_async_client_set_int(client, "buffer_high_watermark", 1 << 20));
    CHECK_OK(swoole_async_client_set_int(client, "buffer_low_watermark", 1 << 10));
    CHECK_OK(swoole_async_client_on_connect(client, send_much_that_waits, NULL));
    CHECK_OK(swoole_async_client_on_receive(client, count_echo, NULL));
    CHECK_OK(swoole_async_client_on_buffer_full(client, see_client, (void *)"full"));
    CHECK_OK(swoole_async_client_on_buffer_empty(client, see_client, (void *)"empty"));
    dial_echo(client);
    CHECK_OK(swoole_event_wait());
    CHECK(came == MUCH);
    CHECK_TEXT(seen, "sent full empty close");
    swoole_async_client_free(client);
    free(much);
}

static void send_too_much(void *userdata, swoole_async_client *client) {
    swoole_result result = SWOOLE_OK;
    int sent = 0;
    (void)userdata;
    while (sent < 100 && (result = swoole_async_client_send(client, much, MUCH)) == SWOOLE_OK) sent++;
    CHECK(result == SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW);
    CHECK(sent > 0 && sent < 100);
    see("overflow");
    // With what waits dropped.
    CHECK_OK(swoole_async_client_close(client, true));
}

LOOP_TEST(what_may_wait_is_bounded) {
    int port, fd = listen_on_a_free_port(&port);
    make_much();
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_set_int(client, "socket_buffer_size", 10 << 20));
    CHECK_OK(swoole_async_client_on_connect(client, send_too_much, NULL));
    CHECK_OK(swoole_async_client_connect(client, "127.0.0.1", port, 10));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "overflow close");
    swoole_async_client_free(client);
    free(much);
    close(fd);
}

static void send_and_close(void *userdata, swoole_async_client *client) {
    send_much(userdata, client);
    CHECK_OK(swoole_async_client_close(client, false));
    CHECK(swoole_async_client_send(client, "x", 1) == SWOOLE_ERROR_CLIENT_NO_CONNECTION);
}

// A peer in another process: it counts what comes until the end.
static void count_to_the_end(int fd) {
    char text[65536];
    ssize_t got;
    while ((got = recv(fd, text, sizeof text, 0)) > 0) shared->number[0] += got;
}

LOOP_TEST(what_waits_is_sent_before_it_closes) {
    make_much();
    begin_peer(count_to_the_end);
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_set_int(client, "socket_buffer_size", 8 << 20));
    CHECK_OK(swoole_async_client_on_connect(client, send_and_close, NULL));
    CHECK_OK(swoole_async_client_connect(client, "127.0.0.1", peer_port, 10));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "sent close");
    swoole_async_client_free(client);
    free(much);
    // The peer takes the next connection when it has read this one to its end.
    swoole_client *last = NULL;
    const uint8_t *data;
    size_t len;
    CHECK_OK(swoole_client_new(SWOOLE_SOCK_TCP, &last));
    CHECK_OK(swoole_client_connect(last, "127.0.0.1", peer_port, 10));
    CHECK_OK(swoole_client_shutdown(last, SHUT_WR));
    CHECK_OK(swoole_client_recv(last, 0, 0, &data, &len));
    swoole_client_free(last);
    CHECK(shared->number[0] == MUCH);
    end_peer();
}

static char file_path[] = "/tmp/swoole_async_XXXXXX";

static void send_files(void *userdata, swoole_async_client *client) {
    (void)userdata;
    CHECK_OK(swoole_async_client_send(client, "<", 1));
    CHECK_OK(swoole_async_client_send_file(client, file_path, 2, 3));
    CHECK_OK(swoole_async_client_send_file(client, file_path, 8, 0));
    CHECK_OK(swoole_async_client_send(client, ">", 1));
    CHECK(swoole_async_client_send_file(client, file_path, 10, 0) == SWOOLE_ERROR_FILE_EMPTY);
    CHECK(swoole_async_client_send_file(client, "/no/such/file", 0, 0) == SWOOLE_ERROR_FILE_NOT_EXIST);
    CHECK(swoole_async_client_send_file(client, NULL, 0, 0) == SWOOLE_ERROR_INVALID_PARAMS);
}

LOOP_TEST(files_are_sent_in_their_place) {
    int file = mkstemp(file_path);
    CHECK(write(file, "0123456789", 10) == 10);
    close(file);
    open_echo();
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_set_bool(client, "open_eof_split", true));
    CHECK_OK(swoole_async_client_set_str(client, "package_eof", ">"));
    CHECK_OK(swoole_async_client_on_connect(client, send_files, NULL));
    CHECK_OK(swoole_async_client_on_receive(client, hang_up_at, (void *)">"));
    dial_echo(client);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "<23489> close");
    swoole_async_client_free(client);
    unlink(file_path);
}

// ---- pausing and handing on
static swoole_async_client *paused;
static void resume(void *userdata, int64_t timer_id) {
    (void)userdata, (void)timer_id;
    see("resume");
    CHECK_OK(swoole_async_client_resume(paused));
}

static void send_and_pause(void *userdata, swoole_async_client *client) {
    send_text(userdata, client);
    CHECK_OK(swoole_async_client_pause(client));
    paused = client;
    CHECK_OK(swoole_timer_after(50, resume, NULL, NULL));
}

LOOP_TEST(nothing_is_received_while_it_is_paused) {
    open_echo();
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_async_client_on_connect(client, send_and_pause, (void *)"text!"));
    CHECK_OK(swoole_async_client_on_receive(client, hang_up_at, (void *)"!"));
    dial_echo(client);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "resume text! close");
    swoole_async_client_free(client);
}

static int sink[2];
static void hand_on(void *userdata, swoole_async_client *client) {
    CHECK_OK(swoole_async_client_pipe(client, sink[0]));
    send_text(userdata, client);
}

static void read_sink(void *userdata, int32_t fd) {
    char text[64] = "";
    ssize_t got = read(fd, text, sizeof text - 1);
    see(got > 0 ? text : "end");
    CHECK_OK(swoole_event_del(fd));
    CHECK_OK(swoole_async_client_pipe((swoole_async_client *)userdata, -1));
    CHECK_OK(swoole_async_client_send((swoole_async_client *)userdata, "back!", 5));
}

LOOP_TEST(what_it_receives_can_be_handed_to_a_descriptor) {
    open_echo();
    make_pair(sink);
    swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_event_add(sink[1], read_sink, NULL, client, SWOOLE_EVENT_READ));
    CHECK_OK(swoole_async_client_on_connect(client, hand_on, (void *)"handed on"));
    CHECK_OK(swoole_async_client_on_receive(client, hang_up_at, (void *)"!"));
    dial_echo(client);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "handed on back! close");
    swoole_async_client_free(client);
    close_pair(sink);
}

// ---- datagrams and Unix sockets
static void see_datagram(void *userdata, swoole_async_client *client, const uint8_t *data, size_t len) {
    swoole_address from;
    see_data(NULL, client, data, len);
    CHECK_OK(swoole_async_client_peer_address(client, &from));
    CHECK_TEXT(from.host, "127.0.0.1");
    CHECK(from.port == *(int *)userdata);
    if (len == 4) CHECK_OK(swoole_async_client_close(client, false));
}

static void echo_datagram(void *userdata, int32_t fd) {
    char text[64];
    struct sockaddr_in from;
    socklen_t size = sizeof from;
    (void)userdata;
    ssize_t got = recvfrom(fd, text, sizeof text, 0, (struct sockaddr *)&from, &size);
    CHECK(sendto(fd, text, (size_t)got, 0, (struct sockaddr *)&from, size) == got);
    if (got == 4) CHECK_OK(swoole_event_del(fd));
}

static void send_datagrams(void *userdata, swoole_async_client *client) {
    see("connect");
    CHECK_OK(swoole_async_client_send(client, "one", 3));
    CHECK_OK(swoole_async_client_send_to(client, "127.0.0.1", *(int *)userdata, "four", 4));
    CHECK(swoole_async_client_send_to(client, "localhost", *(int *)userdata, "four", 4) != SWOOLE_OK);
}

LOOP_TEST(datagrams_come_one_by_one) {
    int port;
    struct sockaddr_in address = local_address(0);
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK(bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    port = ntohs(address.sin_port);
    CHECK_OK(swoole_event_add(fd, echo_datagram, NULL, NULL, SWOOLE_EVENT_READ));
    swoole_async_client *client = new_client(SWOOLE_SOCK_UDP);
    CHECK_OK(swoole_async_client_on_connect(client, send_datagrams, &port));
    CHECK_OK(swoole_async_client_on_receive(client, see_datagram, &port));
    CHECK_OK(swoole_async_client_connect(client, "127.0.0.1", port, 10));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "connect one four close");
    swoole_async_client_free(client);
    close(fd);
}

LOOP_TEST(a_unix_socket_is_a_path) {
    char directory[] = "/tmp/swoole_async_XXXXXX", path[64];
    CHECK(mkdtemp(directory) != NULL);
    snprintf(path, sizeof path, "%s/socket", directory);
    struct sockaddr_un address = unix_address(path);
    echo_listener = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(bind(echo_listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(echo_listener, 8) == 0);
    CHECK_OK(swoole_event_add(echo_listener, echo_accept, NULL, NULL, SWOOLE_EVENT_READ));
    swoole_async_client *client = new_client(SWOOLE_SOCK_UNIX_STREAM);
    CHECK_OK(swoole_async_client_on_connect(client, send_text, (void *)"hello!"));
    CHECK_OK(swoole_async_client_on_receive(client, hang_up_at, (void *)"!"));
    CHECK_OK(swoole_async_client_connect(client, path, 0, 10));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "hello! close");
    swoole_async_client_free(client);
    unlink(path);
    rmdir(directory);
}

// ---- many at once
enum { MANY = 2000 };
static int heard, ended;

static void hear_one(void *userdata, swoole_async_client *client, const uint8_t *data, size_t len) {
    (void)userdata;
    CHECK(is_text(data, len, "hello"));
    heard++;
    CHECK_OK(swoole_async_client_close(client, false));
}

static void free_one(void *userdata, swoole_async_client *client) {
    (void)userdata;
    swoole_async_client_free(client);
    if (++ended == MANY) close_echo();
}

LOOP_TEST(two_thousand_talk_at_once) {
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = limit.rlim_max < 5000 ? limit.rlim_max : 5000;
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    open_echo();
    heard = ended = 0;
    for (int i = 0; i < MANY; i++) {
        swoole_async_client *client = new_client(SWOOLE_SOCK_TCP);
        CHECK_OK(swoole_async_client_on_connect(client, send_text, (void *)"hello"));
        CHECK_OK(swoole_async_client_on_receive(client, hear_one, NULL));
        CHECK_OK(swoole_async_client_on_close(client, free_one, NULL));
        CHECK_OK(swoole_async_client_connect(client, "127.0.0.1", echo_port, 100));
    }
    CHECK_OK(swoole_event_wait());
    CHECK(heard == MANY && ended == MANY);
}

static const struct test tests[] = {
    {"packages_with_an_end_mark_come_one_by_one", packages_with_an_end_mark_come_one_by_one},
    {"a_function_tells_the_length", a_function_tells_the_length},
    {"what_is_sent_goes_as_the_peer_takes_it", what_is_sent_goes_as_the_peer_takes_it},
    {"what_may_wait_is_bounded", what_may_wait_is_bounded},
    {"what_waits_is_sent_before_it_closes", what_waits_is_sent_before_it_closes},
    {"files_are_sent_in_their_place", files_are_sent_in_their_place},
    {"nothing_is_received_while_it_is_paused", nothing_is_received_while_it_is_paused},
    {"what_it_receives_can_be_handed_to_a_descriptor", what_it_receives_can_be_handed_to_a_descriptor},
    {"datagrams_come_one_by_one", datagrams_come_one_by_one},
    {"a_unix_socket_is_a_path", a_unix_socket_is_a_path},
    {"two_thousand_talk_at_once", two_thousand_talk_at_once},
};
RUN(tests)
