// How clients reach their peers, the one that waits and the event-driven one: every kind of socket, an address of their own, proxies.
#include "async.h"

static void receive_text(swoole_client *client, const char *text) {
    const uint8_t *data = NULL;
    size_t len = 0;
    CHECK_OK(swoole_client_recv(client, strlen(text), MSG_WAITALL, &data, &len));
    if (!is_text(data, len, text)) fprintf(stderr, "received \"%.*s\" instead of \"%s\"\n", (int)len, data, text);
    CHECK(is_text(data, len, text));
}

static swoole_client *waiting_client(int kind) {
    swoole_client *client = NULL;
    CHECK_OK(swoole_client_new(kind, &client));
    return client;
}

// ---- what an event-driven client does here: says hello when it is connected, and closes when it has all of `expected`
static const char *expected;
static char got[128];

static void say_hello(void *userdata, swoole_async_client *client) {
    (void)userdata;
    see("connect");
    CHECK_OK(swoole_async_client_send(client, "hello", 5));
}

static void collect(void *userdata, swoole_async_client *client, const uint8_t *data, size_t len) {
    size_t have = strlen(got);
    (void)userdata;
    snprintf(got + have, sizeof got - have, "%.*s", (int)len, (const char *)data);
    if (strlen(got) >= strlen(expected)) CHECK_OK(swoole_async_client_close(client, false));
}

static swoole_async_client *telling_client(int kind, const char *text) {
    swoole_async_client *client = new_client(kind);
    CHECK_OK(swoole_async_client_on_connect(client, say_hello, NULL));
    CHECK_OK(swoole_async_client_on_receive(client, collect, NULL));
    expected = text;
    got[0] = seen[0] = 0;
    return client;
}

// Runs the loop, in which the client must get what was expected.
static void hear_expected(swoole_async_client *client) {
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(got, expected);
    CHECK_TEXT(seen, "connect close");
    swoole_async_client_free(client);
}

// ---- IPv6
static struct sockaddr_in6 bind_ipv6(int fd) {
    struct sockaddr_in6 address;
    socklen_t size = sizeof address;
    memset(&address, 0, sizeof address);
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    CHECK(bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    return address;
}

LOOP_TEST(streams_go_over_ipv6) {
    char text[8] = "";
    swoole_address at;
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    int port = ntohs(bind_ipv6(fd).sin6_port);
    CHECK(listen(fd, 8) == 0);
    swoole_client *waits = waiting_client(SWOOLE_SOCK_TCP6);
    CHECK_OK(swoole_client_connect(waits, "::1", port, 10));
    int peer = accept(fd, NULL, NULL);
    set_patience(peer);
    CHECK_OK(swoole_client_send(waits, "hello", 5));
    CHECK(hear(peer, text, 5));
    CHECK_TEXT(text, "hello");
    CHECK_OK(swoole_client_peer_address(waits, &at));
    CHECK_TEXT(at.host, "::1");
    CHECK(at.port == port);
    CHECK_OK(swoole_client_close(waits));
    CHECK(swoole_client_connect(waits, "127.0.0.1", port, 10) != SWOOLE_OK);
    CHECK_MESSAGE("IPv6");
    swoole_client_free(waits);
    close(peer);

    echo_listener = fd;
    CHECK_OK(swoole_event_add(fd, echo_accept, NULL, NULL, SWOOLE_EVENT_READ));
    swoole_async_client *tells = telling_client(SWOOLE_SOCK_TCP6, "hello");
    CHECK_OK(swoole_async_client_connect(tells, "::1", port, 10));
    hear_expected(tells);
}

// Sends a datagram back to where it came from, and hears no further one.
static void echo_one_datagram(void *userdata, int32_t fd) {
    char text[64];
    struct sockaddr_storage from;
    socklen_t size = sizeof from;
    (void)userdata;
    ssize_t length = recvfrom(fd, text, sizeof text, 0, (struct sockaddr *)&from, &size);
    CHECK(length > 0 && sendto(fd, text, (size_t)length, 0, (struct sockaddr *)&from, size) == length);
    CHECK_OK(swoole_event_del(fd));
}

LOOP_TEST(datagrams_go_over_ipv6) {
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    int port = ntohs(bind_ipv6(fd).sin6_port);
    CHECK_OK(swoole_event_add(fd, echo_one_datagram, NULL, NULL, SWOOLE_EVENT_READ));
    swoole_async_client *client = telling_client(SWOOLE_SOCK_UDP6, "hello");
    CHECK_OK(swoole_async_client_connect(client, "::1", port, 10));
    hear_expected(client);
    close(fd);
}

// ---- Unix datagrams: who has no path of its own is given an address, so that it can be answered
LOOP_TEST(unix_datagrams_are_answered) {
    char directory[] = "/tmp/swoole_ways_XXXXXX", path[64], text[8] = "";
    struct sockaddr_un from;
    socklen_t size = sizeof from;
    CHECK(mkdtemp(directory) != NULL);
    snprintf(path, sizeof path, "%s/socket", directory);
    struct sockaddr_un address = unix_address(path);
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    set_patience(fd);
    CHECK(bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
    swoole_client *waits = waiting_client(SWOOLE_SOCK_UNIX_DGRAM);
    CHECK_OK(swoole_client_connect(waits, path, 0, 10));
    CHECK_OK(swoole_client_send(waits, "hello", 5));
    CHECK(recvfrom(fd, text, 5, 0, (struct sockaddr *)&from, &size) == 5);
    CHECK(sendto(fd, "world", 5, 0, (struct sockaddr *)&from, size) == 5);
    receive_text(waits, "world");
    swoole_client_free(waits);

    CHECK_OK(swoole_event_add(fd, echo_one_datagram, NULL, NULL, SWOOLE_EVENT_READ));
    swoole_async_client *tells = telling_client(SWOOLE_SOCK_UNIX_DGRAM, "hello");
    CHECK_OK(swoole_async_client_connect(tells, path, 0, 10));
    hear_expected(tells);
    close(fd);
    unlink(path);
    rmdir(directory);
}

// ---- where it comes from
static void expect_peer(int fd, const char *host, int port) {
    struct sockaddr_in from;
    socklen_t size = sizeof from;
    CHECK(getpeername(fd, (struct sockaddr *)&from, &size) == 0);
    CHECK_TEXT(inet_ntoa(from.sin_addr), host);
    CHECK(port == 0 || ntohs(from.sin_port) == port);
}

static void accept_from_3(void *userdata, int32_t fd) {
    (void)userdata;
    int client = accept(fd, NULL, NULL);
    expect_peer(client, "127.0.0.3", 0);
    CHECK_OK(swoole_event_add(client, echo_data, NULL, NULL, SWOOLE_EVENT_READ));
}

LOOP_TEST(they_come_from_the_address_that_was_set) {
    int port, own;
    int fd = listen_on_a_free_port(&port);
    close(take_a_dead_port(&own));
    swoole_client *waits = waiting_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_client_set_str(waits, "bind_address", "127.0.0.2"));
    CHECK_OK(swoole_client_set_int(waits, "bind_port", own));
    CHECK_OK(swoole_client_connect(waits, "127.0.0.1", port, 10));
    int peer = accept(fd, NULL, NULL);
    expect_peer(peer, "127.0.0.2", own);
    CHECK_OK(swoole_client_close(waits));
    CHECK_OK(swoole_client_set_str(waits, "bind_address", "192.0.2.1"));
    CHECK(swoole_client_connect(waits, "127.0.0.1", port, 10) == SWOOLE_ERROR_SYSTEM_CALL_FAIL);
    CHECK(swoole_last_error() == EADDRNOTAVAIL);
    CHECK_MESSAGE("192.0.2.1");
    swoole_client_free(waits);
    close(peer);

    echo_listener = fd;
    CHECK_OK(swoole_event_add(fd, accept_from_3, NULL, NULL, SWOOLE_EVENT_READ));
    swoole_async_client *tells = telling_client(SWOOLE_SOCK_TCP, "hello");
    CHECK_OK(swoole_async_client_set_str(tells, "bind_address", "127.0.0.3"));
    CHECK_OK(swoole_async_client_connect(tells, "127.0.0.1", port, 10));
    hear_expected(tells);
}

// ---- proxies. This one says in one piece with its answer where it was told to go, then sends everything back.
static void be_the_peer(int fd, const char *answer, size_t answer_len, const char *target) {
    char text[512];
    ssize_t length;
    memcpy(text, answer, answer_len);
    snprintf(text + answer_len, sizeof text - answer_len, "%s ", target);
    say(fd, text, answer_len + strlen(target) + 1);
    while ((length = recv(fd, text, sizeof text, 0)) > 0) say(fd, text, (size_t)length);
}

// RFC 1928 and 1929: takes nobody without the login "me", "word".
static void be_a_socks5_proxy(int fd) {
    unsigned char head[4], port[2], length;
    char user[256] = "", word[256] = "", host[256] = "", target[300];
    if (!hear(fd, head, 2) || !hear(fd, user, head[1])) return;
    if (memchr(user, 2, head[1]) == NULL) {
        say(fd, "\5\xff", 2);
        return;
    }
    say(fd, "\5\2", 2);
    memset(user, 0, sizeof user);
    if (!hear(fd, head, 2) || !hear(fd, user, head[1]) || !hear(fd, &length, 1) || !hear(fd, word, length)) return;
    if (strcmp(user, "me") != 0 || strcmp(word, "word") != 0) {
        say(fd, "\1\1", 2);
        return;
    }
    say(fd, "\1\0", 2);
    if (!hear(fd, head, 4) || head[3] != 3 || !hear(fd, &length, 1) || !hear(fd, host, length) || !hear(fd, port, 2)) return;
    snprintf(target, sizeof target, "%s:%d", host, port[0] << 8 | port[1]);
    if (strcmp(host, "dead.example") == 0) say(fd, "\5\5\0\1\0\0\0\0\0\0", 10);
    else be_the_peer(fd, "\5\0\0\1\0\0\0\0\0\0", 10, target);
}

// "me:word" is bWU6d29yZA== there.
static void be_an_http_proxy(int fd) {
    static const char answer[] = "HTTP/1.1 200 Connection established\r\n\r\n";
    char head[1024] = "", target[256] = "";
    size_t length = 0;
    while (length + 1 < sizeof head && !strstr(head, "\r\n\r\n") && hear(fd, head + length, 1)) head[++length] = 0;
    if (sscanf(head, "CONNECT %255s HTTP/1.", target) != 1) say(fd, "HTTP/1.1 400 Bad Request\r\n\r\n", 28);
    else if (!strstr(head, "Proxy-Authorization: Basic bWU6d29yZA==\r\n")) say(fd, "HTTP/1.1 407 Login\r\n\r\n", 22);
    else be_the_peer(fd, answer, sizeof answer - 1, target);
}

struct proxy {
    void (*serve)(int fd);
    const char *host, *port, *user, *password; // names of options
    swoole_result wrong_login;
};
static const struct proxy socks5 = {
    be_a_socks5_proxy, "socks5_host", "socks5_port", "socks5_username", "socks5_password", SWOOLE_ERROR_SOCKS5_AUTH_FAILED,
};
static const struct proxy http = {
    be_an_http_proxy, "http_proxy_host", "http_proxy_port", "http_proxy_user", "http_proxy_password",
    SWOOLE_ERROR_HTTP_PROXY_HANDSHAKE_FAILED,
};

static void see_number(void *userdata, swoole_async_client *client, swoole_result result) {
    char text[16];
    (void)userdata, (void)client;
    snprintf(text, sizeof text, "%d", result);
    see(text);
    CHECK_MESSAGE("some.example:7777"); // where it was to go,
    CHECK_MESSAGE("127.0.0.1:");        // and by whom
}

static void through(const struct proxy *proxy) {
    static const char told[] = "some.example:7777 hello";
    char wanted[16];
    begin_peer(proxy->serve);
    swoole_client *waits = waiting_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_client_set_str(waits, proxy->host, "127.0.0.1"));
    CHECK_OK(swoole_client_set_int(waits, proxy->port, peer_port));
    CHECK_OK(swoole_client_set_str(waits, proxy->user, "me"));
    CHECK_OK(swoole_client_set_str(waits, proxy->password, "word"));
    CHECK_OK(swoole_client_connect(waits, "some.example", 7777, 10));
    receive_text(waits, "some.example:7777 ");
    CHECK_OK(swoole_client_send(waits, "hello", 5));
    receive_text(waits, "hello");
    CHECK_OK(swoole_client_close(waits));
    CHECK_OK(swoole_client_set_str(waits, proxy->password, "wrong"));
    CHECK(swoole_client_connect(waits, "some.example", 7777, 10) == proxy->wrong_login);
    CHECK_MESSAGE("some.example:7777");
    CHECK(swoole_client_connect_nowait(waits, "some.example", 7777, 10) == SWOOLE_ERROR_OPERATION_NOT_SUPPORT);
    swoole_client_free(waits);

    swoole_async_client *tells = telling_client(SWOOLE_SOCK_TCP, told);
    CHECK_OK(swoole_async_client_set_str(tells, proxy->host, "127.0.0.1"));
    CHECK_OK(swoole_async_client_set_int(tells, proxy->port, peer_port));
    CHECK_OK(swoole_async_client_set_str(tells, proxy->user, "me"));
    CHECK_OK(swoole_async_client_set_str(tells, proxy->password, "word"));
    CHECK_OK(swoole_async_client_connect(tells, "some.example", 7777, 10));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(got, told);
    CHECK_TEXT(seen, "connect close");
    seen[0] = 0;
    CHECK_OK(swoole_async_client_set_str(tells, proxy->password, "wrong"));
    CHECK_OK(swoole_async_client_on_error(tells, see_number, NULL));
    CHECK_OK(swoole_async_client_connect(tells, "some.example", 7777, 10));
    CHECK_OK(swoole_event_wait());
    snprintf(wanted, sizeof wanted, "%d", proxy->wrong_login);
    CHECK_TEXT(seen, wanted);
    swoole_async_client_free(tells);
    end_peer();
}

LOOP_TEST(both_go_through_a_socks5_proxy) { through(&socks5); }
LOOP_TEST(both_go_through_an_http_proxy) { through(&http); }

LOOP_TEST(what_a_proxy_refuses_is_told) {
    begin_peer(be_a_socks5_proxy);
    swoole_client *client = waiting_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_client_set_str(client, "socks5_host", "127.0.0.1"));
    CHECK_OK(swoole_client_set_int(client, "socks5_port", peer_port));
    CHECK(swoole_client_connect(client, "some.example", 7777, 10) == SWOOLE_ERROR_SOCKS5_UNSUPPORT_METHOD);
    CHECK_OK(swoole_client_set_str(client, "socks5_username", "me"));
    CHECK_OK(swoole_client_set_str(client, "socks5_password", "word"));
    CHECK(swoole_client_connect(client, "dead.example", 7777, 10) == SWOOLE_ERROR_SOCKS5_SERVER_ERROR);
    CHECK_MESSAGE("dead.example:7777");
    end_peer();
    CHECK(swoole_client_connect(client, "some.example", 7777, 10) == SWOOLE_ERROR_SYSTEM_CALL_FAIL);
    CHECK(swoole_last_error() == ECONNREFUSED);
    swoole_client_free(client);
}

static const struct test tests[] = {
    {"streams_go_over_ipv6", streams_go_over_ipv6},
    {"datagrams_go_over_ipv6", datagrams_go_over_ipv6},
    {"unix_datagrams_are_answered", unix_datagrams_are_answered},
    {"they_come_from_the_address_that_was_set", they_come_from_the_address_that_was_set},
    {"both_go_through_a_socks5_proxy", both_go_through_a_socks5_proxy},
    {"both_go_through_an_http_proxy", both_go_through_an_http_proxy},
    {"what_a_proxy_refuses_is_told", what_a_proxy_refuses_is_told},
};
RUN(tests)
