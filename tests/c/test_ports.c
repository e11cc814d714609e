// Several ports, each with its own settings and callbacks; datagrams; Unix sockets.
#include "support.h"

static char stream_path[64], datagram_path[64];

static void answer_userdata(void *userdata, swoole_server *server, int64_t session, int32_t reactor,
                            const uint8_t *data, size_t len) {
    swoole_connection_info info;
    (void)reactor, (void)data, (void)len;
    CHECK_OK(swoole_server_connection_info(server, session, false, &info));
    if (info.socket_type == SWOOLE_SOCK_UNIX_STREAM) CHECK(info.remote_ip[0] == 0 && info.remote_port == 0);
    answer(server, session, (const char *)userdata);
}

static void echo_packet(void *userdata, swoole_server *server, const swoole_packet *packet) {
    char text[256];
    (void)userdata;
    CHECK(packet->dispatch_time > 1e9 && packet->server_socket >= 0);
    snprintf(text, sizeof text, "port %d: %.*s", packet->port_id, (int)packet->len, (const char *)packet->data);
    CHECK_OK(swoole_server_send_to(server, packet->address, packet->peer_port, text, strlen(text),
                                   packet->server_socket));
}

static void configure(swoole_server *server) {
    int32_t id = -1;
    swoole_port_info info;
    snprintf(stream_path, sizeof stream_path, "/tmp/swoole_rs_%d.stream", (int)getppid());
    snprintf(datagram_path, sizeof datagram_path, "/tmp/swoole_rs_%d.dgram", (int)getppid());

    CHECK_OK(swoole_server_on_receive(server, answer_userdata, (void *)"server\n"));
    CHECK_OK(swoole_server_on_packet(server, echo_packet, NULL));

    CHECK_OK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_TCP, &id));
    CHECK(id == 1);
    CHECK_OK(swoole_server_set_port_bool(server, id, "open_eof_split", true));
    CHECK_OK(swoole_server_set_port_str(server, id, "package_eof", "\n"));
    CHECK_OK(swoole_server_on_port_receive(server, id, answer_userdata, (void *)"second\n"));
    CHECK_OK(swoole_server_port_info(server, id, &info));
    CHECK(info.id == 1 && info.socket_type == SWOOLE_SOCK_TCP && info.port != 0 && info.socket >= 0);
    CHECK_TEXT(info.host, "127.0.0.1");
    shared->pid[1] = info.port;

    CHECK_OK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_UDP, &id));
    CHECK(id == 2);
    CHECK_OK(swoole_server_port_info(server, id, &info));
    shared->pid[2] = info.port;

    CHECK_OK(swoole_server_listen(server, stream_path, 0, SWOOLE_SOCK_UNIX_STREAM, NULL));
    CHECK_OK(swoole_server_listen(server, datagram_path, 0, SWOOLE_SOCK_UNIX_DGRAM, NULL));
    CHECK_OK(swoole_server_listen(server, "::1", 0, SWOOLE_SOCK_TCP6, NULL));
    CHECK(swoole_server_port_count(server) == 6);
    CHECK(swoole_server_port_info(server, 6, &info) == SWOOLE_ERROR_SERVER_INVALID_LISTEN_PORT);
    CHECK_OK(swoole_server_port_info(server, 3, &info));
    CHECK_TEXT(info.host, stream_path);
    CHECK(info.port == 0);
    CHECK_OK(swoole_server_port_info(server, 5, &info));
    shared->pid[5] = info.port;
}

static void start(void) {
    snprintf(stream_path, sizeof stream_path, "/tmp/swoole_rs_%d.stream", (int)getpid());
    snprintf(datagram_path, sizeof datagram_path, "/tmp/swoole_rs_%d.dgram", (int)getpid());
    serve(1, configure);
}

static void each_port_has_its_own_callback(void) {
    start();
    int first = dial_port(shared->port), second = dial_port(shared->pid[1]);
    CHECK_TEXT(talk(first, "x"), "server");
    CHECK_TEXT(talk(second, "x\n"), "second");
    close(first);
    close(second);
    finish();
}

static void each_port_has_its_own_settings(void) {
    start();
    int second = dial_port(shared->pid[1]);
    CHECK_TEXT(talk(second, "one\ntwo\n"), "second");
    CHECK_TEXT(talk(second, ""), "second");
    close(second);
    finish();
}

static void a_datagram_is_answered(void) {
    char got[64] = "";
    struct sockaddr_in to;
    start();
    to = local_address(shared->pid[2]);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    set_patience(fd);
    CHECK(sendto(fd, "hello", 5, 0, (struct sockaddr *)&to, sizeof to) == 5);
    CHECK(recv(fd, got, sizeof got - 1, 0) > 0);
    CHECK_TEXT(got, "port 2: hello");
    close(fd);
    finish();
}

static void a_unix_stream_is_served(void) {
    start();
    struct sockaddr_un to = unix_address(stream_path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    set_patience(fd);
    CHECK(connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
    CHECK_TEXT(talk(fd, "x"), "server");
    close(fd);
    finish();
    CHECK(access(stream_path, F_OK) != 0);
}

static void a_unix_datagram_is_answered(void) {
    char got[64] = "", own_path[64];
    start();
    struct sockaddr_un to = unix_address(datagram_path);
    snprintf(own_path, sizeof own_path, "/tmp/swoole_rs_%d.client", (int)getpid());
    struct sockaddr_un from = unix_address(own_path);
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    set_patience(fd);
    CHECK(bind(fd, (struct sockaddr *)&from, sizeof from) == 0);
    CHECK(sendto(fd, "hello", 5, 0, (struct sockaddr *)&to, sizeof to) == 5);
    CHECK(recv(fd, got, sizeof got - 1, 0) > 0);
    CHECK_TEXT(got, "port 4: hello");
    close(fd);
    unlink(own_path);
    finish();
}

static void ipv6_is_served(void) {
    struct sockaddr_in6 to;
    start();
    memset(&to, 0, sizeof to);
    to.sin6_family = AF_INET6;
    to.sin6_port = htons((uint16_t)shared->pid[5]);
    to.sin6_addr = in6addr_loopback;
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    set_patience(fd);
    CHECK(connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
    CHECK_TEXT(talk(fd, "x"), "server");
    close(fd);
    finish();
}

static char much[16 << 20];

static void note_session(void *userdata, swoole_server *server, int64_t session, int32_t reactor) {
    (void)server, (void)reactor;
    CHECK(session > 0);
    note(*(const char *)userdata);
}

static void note_level(void *userdata, swoole_server *server, int64_t session) {
    (void)server;
    CHECK(session > 0);
    note(*(const char *)userdata);
}

static void note_packet(void *userdata, swoole_server *server, const swoole_packet *packet) {
    (void)server;
    CHECK(packet->port_id == 2 && is_text(packet->data, packet->len, "hello"));
    note(*(const char *)userdata);
}

static void note_exit(void *userdata, swoole_server *server, int32_t worker_id) {
    (void)server;
    CHECK(worker_id == 0);
    note(*(const char *)userdata);
}

static void send_much(void *userdata, swoole_server *server, int64_t session, int32_t reactor, const uint8_t *data,
                      size_t len) {
    (void)userdata, (void)reactor, (void)data, (void)len;
    CHECK_OK(swoole_server_send(server, session, much, sizeof much));
}

static void configure_events(swoole_server *server) {
    int32_t id = -1;
    swoole_port_info info;
    // What the server itself would be told shows up as 'S'.
    CHECK_OK(swoole_server_on_receive(server, send_much, NULL));
    CHECK_OK(swoole_server_on_connect(server, note_session, (void *)"S"));
    CHECK_OK(swoole_server_on_close(server, note_session, (void *)"S"));
    CHECK_OK(swoole_server_on_buffer_full(server, note_level, (void *)"S"));
    CHECK_OK(swoole_server_on_buffer_empty(server, note_level, (void *)"S"));
    CHECK_OK(swoole_server_on_packet(server, note_packet, (void *)"S"));
    CHECK_OK(swoole_server_on_worker_exit(server, note_exit, (void *)"q"));

    CHECK_OK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_TCP, &id));
    CHECK_OK(swoole_server_set_port_float(server, id, "max_idle_time", 3600.5));
    CHECK_OK(swoole_server_set_port_int(server, id, "buffer_high_watermark", 65536));
    CHECK_OK(swoole_server_on_port_connect(server, id, note_session, (void *)"c"));
    CHECK_OK(swoole_server_on_port_close(server, id, note_session, (void *)"x"));
    CHECK_OK(swoole_server_on_port_buffer_full(server, id, note_level, (void *)"f"));
    CHECK_OK(swoole_server_on_port_buffer_empty(server, id, note_level, (void *)"e"));
    CHECK_OK(swoole_server_port_info(server, id, &info));
    shared->pid[1] = info.port;

    CHECK_OK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_UDP, &id));
    CHECK_OK(swoole_server_on_port_packet(server, id, note_packet, (void *)"p"));
    CHECK_OK(swoole_server_port_info(server, id, &info));
    shared->pid[2] = info.port;
    CHECK(swoole_server_set_port_float(server, 9, "max_idle_time", 1.0) == SWOOLE_ERROR_SERVER_INVALID_LISTEN_PORT);
    CHECK(swoole_server_on_port_close(server, 9, note_session, NULL) == SWOOLE_ERROR_SERVER_INVALID_LISTEN_PORT);
}

static void each_port_has_its_own_events(void) {
    serve(1, configure_events);
    int fd = dial_port(shared->pid[1]);
    await_note('c');
    say(fd, "x", 1);
    await_note('f');
    CHECK(hear(fd, much, sizeof much));
    await_note('e');
    close(fd);
    await_note('x');
    struct sockaddr_in to = local_address(shared->pid[2]);
    fd = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK(sendto(fd, "hello", 5, 0, (struct sockaddr *)&to, sizeof to) == 5);
    await_note('p');
    close(fd);
    finish();
    CHECK(count_notes('q') == 1 && count_notes('S') == 0);
}

static const struct test tests[] = {
    {"each_port_has_its_own_callback", each_port_has_its_own_callback},
    {"each_port_has_its_own_settings", each_port_has_its_own_settings},
    {"a_datagram_is_answered", a_datagram_is_answered},
    {"a_unix_stream_is_served", a_unix_stream_is_served},
    {"a_unix_datagram_is_answered", a_unix_datagram_is_answered},
    {"ipv6_is_served", ipv6_is_served},
    {"each_port_has_its_own_events", each_port_has_its_own_events},
};
RUN(tests)
