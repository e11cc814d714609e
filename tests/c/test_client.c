// The client that waits.
#include "loop.h"

#include <pthread.h>

static swoole_client *new_client(int kind) {
    swoole_client *client = NULL;
    CHECK_OK(swoole_client_new(kind, &client));
    CHECK(client != NULL);
    return client;
}

// A client that is connected to a socket of this process.
static int listener = -1, peer = -1;
static swoole_client *connected(swoole_client *client) {
    int port = 0;
    listener = listen_on_a_free_port(&port);
    CHECK_OK(swoole_client_connect(client, "127.0.0.1", port, 10));
    peer = accept(listener, NULL, NULL);
    set_patience(peer);
    return client;
}

static void done(swoole_client *client) {
    swoole_client_free(client);
    close(peer);
    close(listener);
}

// Receives, and whether that is this text.
static bool receives(swoole_client *client, size_t size, int flags, const char *text) {
    const uint8_t *data = NULL;
    size_t len = 99;
    if (swoole_client_recv(client, size, flags, &data, &len) != SWOOLE_OK) {
        fprintf(stderr, "nothing received: %s\n", swoole_last_error_message());
        return false;
    }
    if (!is_text(data, len, text)) fprintf(stderr, "received \"%.*s\" instead of \"%s\"\n", (int)len, data, text);
    return is_text(data, len, text);
}

static bool fails_with(swoole_result result, int number) {
    return result == SWOOLE_ERROR_SYSTEM_CALL_FAIL && swoole_last_error() == number;
}

// ---- streams
static void bytes_go_both_ways(void) {
    char text[8] = "";
    swoole_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK(!swoole_client_is_connected(client) && swoole_client_descriptor(client) == -1);
    connected(client);
    CHECK(swoole_client_is_connected(client) && swoole_client_descriptor(client) >= 0);
    CHECK_OK(swoole_client_send(client, "hello", 5));
    CHECK(swoole_client_sent(client) == 5);
    CHECK(hear(peer, text, 5) && strcmp(text, "hello") == 0);
    say(peer, "world", 5);
    CHECK(receives(client, 3, 0, "wor"));
    CHECK(receives(client, 0, 0, "ld"));
    CHECK_OK(swoole_client_close(client));
    CHECK(!swoole_client_is_connected(client) && swoole_client_descriptor(client) == -1);
    CHECK(is_closed(peer));
    CHECK(swoole_client_close(client) == SWOOLE_ERROR_CLIENT_NO_CONNECTION);
    done(connected(client)); // and again
}

static void the_peers_end_is_nothing_received(void) {
    swoole_client *client = connected(new_client(SWOOLE_SOCK_TCP));
    say(peer, "last", 4);
    close(peer);
    CHECK(receives(client, 0, 0, "last"));
    CHECK(receives(client, 0, 0, ""));
    swoole_client_free(client);
    close(listener);
}

static void a_half_closed_connection_still_receives(void) {
    swoole_client *client = connected(new_client(SWOOLE_SOCK_TCP));
    CHECK_OK(swoole_client_shutdown(client, SHUT_WR));
    CHECK(is_closed(peer));
    say(peer, "answer", 6);
    CHECK(receives(client, 0, 0, "answer"));
    CHECK(swoole_client_shutdown(client, 3) == SWOOLE_ERROR_INVALID_PARAMS);
    done(client);
}

static void flags_are_those_of_recv(void) {
    const uint8_t *data = NULL;
    size_t len = 7;
    swoole_client *client = connected(new_client(SWOOLE_SOCK_TCP));
    CHECK(fails_with(swoole_client_recv(client, 0, MSG_DONTWAIT, &data, &len), EAGAIN));
    CHECK(data == NULL && len == 7);
    say(peer, "abc", 3);
    CHECK(receives(client, 0, MSG_PEEK, "abc"));
    say(peer, "def", 3);
    CHECK(receives(client, 6, MSG_WAITALL, "abcdef"));
    CHECK(swoole_client_recv(client, 0, MSG_TRUNC, &data, &len) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_MESSAGE("MSG_PEEK");
    CHECK(swoole_client_recv(client, SIZE_MAX, 0, &data, &len) == SWOOLE_ERROR_INVALID_PARAMS);
    done(client);
}

static void both_ends_have_addresses(void) {
    swoole_address own, other;
    struct sockaddr_in found;
    socklen_t size = sizeof found;
    swoole_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK(swoole_client_local_address(client, &own) == SWOOLE_ERROR_CLIENT_NO_CONNECTION);
    connected(client);
    CHECK_OK(swoole_client_local_address(client, &own));
    CHECK_OK(swoole_client_peer_address(client, &other));
    CHECK(getpeername(peer, (struct sockaddr *)&found, &size) == 0);
    CHECK(own.port == ntohs(found.sin_port));
    CHECK_TEXT(own.host, "127.0.0.1");
    CHECK(getsockname(peer, (struct sockaddr *)&found, &size) == 0);
    CHECK(other.port == ntohs(found.sin_port));
    CHECK_TEXT(other.host, "127.0.0.1");
    CHECK(swoole_client_peer_address(client, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    done(client);
}

// ---- packages
static void packages_with_an_end_mark_come_one_by_one(void) {
    const uint8_t *data = NULL;
    size_t len = 0;
    swoole_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_client_set_bool(client, "open_eof_split", true));
    CHECK_OK(swoole_client_set_bytes(client, "package_eof", "\0\n", 2));
    connected(client);
    say(peer, "one\0\ntwo\0\nthr", 13);
    CHECK_OK(swoole_client_recv(client, 1, 0, &data, &len)); // the size means nothing
    CHECK(len == 5 && memcmp(data, "one\0\n", 5) == 0);
    CHECK(swoole_client_has_pending(client));
    CHECK_OK(swoole_client_recv(client, 0, MSG_PEEK, &data, &len));
    CHECK_OK(swoole_client_recv(client, 0, 0, &data, &len));
    CHECK(len == 5 && memcmp(data, "two\0\n", 5) == 0);
    CHECK(!swoole_client_has_pending(client));
    // What has come of a package is kept over a timeout.
    CHECK_OK(swoole_client_set_timeout(client, 0.02));
    CHECK(fails_with(swoole_client_recv(client, 0, 0, &data, &len), EAGAIN));
    say(peer, "ee\0\n", 4);
    CHECK_OK(swoole_client_set_timeout(client, 10));
    CHECK_OK(swoole_client_recv(client, 0, 0, &data, &len));
    CHECK(len == 7 && memcmp(data, "three\0\n", 7) == 0);
    done(client);
}

static void packages_with_a_length_are_of_any_length(void) {
    enum { LONG = 300000 };
    const uint8_t *data = NULL;
    size_t len = 0;
    char *package = (char *)malloc(LONG + 4);
    uint32_t number = htonl(LONG);
    swoole_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_client_set_bool(client, "open_length_check", true));
    CHECK_OK(swoole_client_set_str(client, "package_length_type", "N"));
    CHECK_OK(swoole_client_set_int(client, "package_body_offset", 4));
    CHECK_OK(swoole_client_set_int(client, "package_max_length", 1 << 20));
    connected(client);
    memcpy(package, &number, 4);
    memset(package + 4, 'x', LONG);
    if (fork() == 0) { // a peer that writes while the client reads
        say(peer, package, LONG + 4);
        _exit(0);
    }
    CHECK_OK(swoole_client_recv(client, 0, 0, &data, &len));
    CHECK(len == LONG + 4 && data[4] == 'x' && data[LONG + 3] == 'x');
    CHECK(waitpid(-1, NULL, 0) > 0);
    number = htonl(1 << 30);
    say(peer, &number, 4);
    CHECK(swoole_client_recv(client, 0, 0, &data, &len) == SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE);
    CHECK(!swoole_client_is_connected(client) && is_closed(peer));
    free(package);
    done(client);
}

// The first byte is the length, as a digit. What it must not do, it is not let do.
static ptrdiff_t measure(void *userdata, const uint8_t *data, size_t len) {
    const uint8_t *more;
    size_t size;
    swoole_client *client = (swoole_client *)userdata;
    if (len == 0) return 0;
    CHECK(swoole_client_recv(client, 0, 0, &more, &size) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_client_close(client) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(!swoole_client_is_connected(client));
    swoole_client_free(client); // refused, with a last error
    CHECK_MESSAGE("package-length function");
    return data[0] == '!' ? -1 : data[0] - '0';
}

static void a_function_tells_the_length(void) {
    const uint8_t *data = NULL;
    size_t len = 0;
    swoole_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_client_set_bool(client, "open_length_check", true));
    CHECK_OK(swoole_client_set_package_length_func(client, measure, client));
    connected(client);
    say(peer, "3ab5abcd2", 9);
    CHECK(receives(client, 0, 0, "3ab"));
    CHECK(receives(client, 0, 0, "5abcd"));
    say(peer, "x!", 2);
    CHECK(receives(client, 0, 0, "2x"));
    CHECK(swoole_client_recv(client, 0, 0, &data, &len) != SWOOLE_OK);
    CHECK(!swoole_client_is_connected(client));
    done(client);
}

// ---- what fails
static void a_refused_connection_names_its_peer(void) {
    char place[64];
    int port = 0;
    int dead = take_a_dead_port(&port);
    swoole_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK(fails_with(swoole_client_connect(client, "127.0.0.1", port, 10), ECONNREFUSED));
    snprintf(place, sizeof place, "127.0.0.1:%d", port);
    CHECK_MESSAGE(place);
    CHECK(!swoole_client_is_connected(client));
    CHECK(swoole_client_send(client, "x", 1) == SWOOLE_ERROR_CLIENT_NO_CONNECTION);
    swoole_client_free(client);
    close(dead);
}

// A listener that takes no more: what it is sent is dropped, as by a host that is not there.
static void nobody_answers_within_the_timeout(void) {
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
    swoole_client *client = new_client(SWOOLE_SOCK_TCP);
    double begin = seconds();
    CHECK(fails_with(swoole_client_connect(client, "127.0.0.1", ntohs(address.sin_port), 0.1), ETIMEDOUT));
    CHECK(seconds() - begin >= 0.0999);
    swoole_client_free(client);
    for (int i = 0; i < 8; i++) close(full[i]);
    close(fd);
}

static void a_name_that_is_none_is_told(void) {
    swoole_client *client = new_client(SWOOLE_SOCK_TCP);
    swoole_result result = swoole_client_connect(client, "no.such.host.invalid", 80, 10);
    CHECK(result == SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED || result == SWOOLE_ERROR_DNSLOOKUP_RESOLVE_TIMEOUT);
    CHECK_MESSAGE("no.such.host.invalid");
    swoole_client_free(client);
}

static void waiting_ends_with_the_timeout(void) {
    enum { MUCH = 64 << 20 };
    const uint8_t *data = NULL;
    size_t len = 0;
    char *much = (char *)calloc(1, MUCH);
    swoole_client *client = connected(new_client(SWOOLE_SOCK_TCP));
    CHECK_OK(swoole_client_set_timeout(client, 0.05));
    double begin = seconds();
    CHECK(fails_with(swoole_client_recv(client, 0, 0, &data, &len), EAGAIN));
    CHECK(seconds() - begin >= 0.0499);
    CHECK(swoole_client_is_connected(client));
    CHECK(fails_with(swoole_client_send(client, much, MUCH), EAGAIN));
    CHECK(swoole_client_sent(client) > 0 && swoole_client_sent(client) < MUCH);
    free(much);
    done(client);
}

static void a_connection_that_was_reset_is_told(void) {
    const uint8_t *data = NULL;
    size_t len = 0;
    struct linger reset = {1, 0};
    swoole_client *client = connected(new_client(SWOOLE_SOCK_TCP));
    CHECK(setsockopt(peer, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) == 0);
    close(peer);
    CHECK(fails_with(swoole_client_recv(client, 0, 0, &data, &len), ECONNRESET));
    CHECK(swoole_client_send(client, "x", 1) != SWOOLE_OK);
    swoole_client_free(client);
    close(listener);
}

// ---- datagrams
static void datagrams_of(int kind, const char *host) {
    swoole_address at;
    swoole_client *one = new_client(kind), *other = new_client(kind);
    CHECK_OK(swoole_client_set_str(one, "bind_address", host));
    CHECK_OK(swoole_client_set_str(other, "bind_address", host));
    CHECK_OK(swoole_client_set_timeout(one, 10));
    // The first has an address as soon as it has sent something.
    CHECK_OK(swoole_client_connect(one, host, 9, 10));
    CHECK_OK(swoole_client_local_address(one, &at));
    CHECK_OK(swoole_client_close(one));
    CHECK_OK(swoole_client_set_int(one, "bind_port", at.port));
    CHECK_OK(swoole_client_send_to(one, host, at.port, "to itself", 9));
    CHECK(receives(one, 0, 0, "to itself"));
    CHECK_OK(swoole_client_send_to(other, host, at.port, "hello", 5));
    CHECK(receives(one, 0, 0, "hello"));
    CHECK_OK(swoole_client_peer_address(one, &at));
    CHECK_TEXT(at.host, host);
    CHECK_OK(swoole_client_send_to(one, at.host, at.port, "back", 4));
    CHECK_OK(swoole_client_set_timeout(other, 10));
    CHECK(receives(other, 0, 0, "back"));
    // One datagram a time.
    CHECK_OK(swoole_client_send_to(one, at.host, at.port, "1", 1));
    CHECK_OK(swoole_client_send_to(one, at.host, at.port, "22", 2));
    CHECK(receives(other, 0, 0, "1"));
    CHECK(receives(other, 0, 0, "22"));
    swoole_client_free(one);
    swoole_client_free(other);
}

static void datagrams_go_both_ways(void) { datagrams_of(SWOOLE_SOCK_UDP, "127.0.0.1"); }
static void datagrams_go_over_ipv6(void) { datagrams_of(SWOOLE_SOCK_UDP6, "::1"); }

// ---- Unix sockets
static void unix_sockets_are_paths(void) {
    char directory[] = "/tmp/swoole_client_XXXXXX", path[64];
    char text[8] = "";
    swoole_address own;
    CHECK(mkdtemp(directory) != NULL);
    snprintf(path, sizeof path, "%s/socket", directory);
    swoole_client *client = new_client(SWOOLE_SOCK_UNIX_STREAM);
    CHECK(fails_with(swoole_client_connect(client, path, 0, 10), ENOENT));
    CHECK_MESSAGE(path);
    struct sockaddr_un address = unix_address(path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 8) == 0);
    CHECK_OK(swoole_client_connect(client, path, 0, 10));
    int accepted = accept(fd, NULL, NULL);
    CHECK_OK(swoole_client_send(client, "hello", 5));
    CHECK(hear(accepted, text, 5) && strcmp(text, "hello") == 0);
    CHECK_OK(swoole_client_peer_address(client, &own));
    CHECK_TEXT(own.host, path);
    swoole_client_free(client);
    close(accepted);
    close(fd);
    unlink(path);

    fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    set_patience(fd);
    CHECK(bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
    client = new_client(SWOOLE_SOCK_UNIX_DGRAM);
    CHECK_OK(swoole_client_send_to(client, path, 0, "packet", 6));
    CHECK(recv(fd, text, sizeof text, 0) == 6 && memcmp(text, "packet", 6) == 0);
    swoole_client_free(client);
    close(fd);
    unlink(path);
    rmdir(directory);
}

// ---- files
static void a_file_or_a_part_of_it_is_sent(void) {
    char path[] = "/tmp/swoole_client_XXXXXX", text[16] = "";
    int file = mkstemp(path);
    CHECK(write(file, "0123456789", 10) == 10);
    close(file);
    swoole_client *client = connected(new_client(SWOOLE_SOCK_TCP));
    CHECK_OK(swoole_client_send_file(client, path, 2, 3));
    CHECK(swoole_client_sent(client) == 3);
    CHECK_OK(swoole_client_send_file(client, path, 8, 0));
    CHECK(hear(peer, text, 5) && strcmp(text, "23489") == 0);
    CHECK(swoole_client_send_file(client, path, 10, 0) == SWOOLE_ERROR_FILE_EMPTY);
    unlink(path);
    CHECK(swoole_client_send_file(client, path, 0, 0) == SWOOLE_ERROR_FILE_NOT_EXIST);
    CHECK_MESSAGE(path);
    CHECK(swoole_client_send_file(client, NULL, 0, 0) == SWOOLE_ERROR_INVALID_PARAMS);
    done(client);
}

// ---- kept connections
static void a_kept_connection_is_taken_up_again(void) {
    int port = 0;
    uint32_t uses = 9;
    char text[8] = "";
    listener = listen_on_a_free_port(&port);
    swoole_client *client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_client_connect_kept(client, "127.0.0.1", port, 10, "one", &uses));
    CHECK(uses == 0);
    peer = accept(listener, NULL, NULL);
    CHECK_OK(swoole_client_keep(client, "one"));
    CHECK(!swoole_client_is_connected(client));
    swoole_client_free(client);

    client = new_client(SWOOLE_SOCK_TCP);
    CHECK_OK(swoole_client_connect_kept(client, "127.0.0.1", port, 10, "one", &uses));
    CHECK(uses == 1);
    CHECK_OK(swoole_client_send(client, "again", 5));
    CHECK(hear(peer, text, 5) && strcmp(text, "again") == 0);
    CHECK_OK(swoole_client_keep(client, "one"));
    // One whose peer has closed it is not given out.
    close(peer);
    CHECK_OK(swoole_client_connect_kept(client, "127.0.0.1", port, 10, "one", &uses));
    CHECK(uses == 0);
    peer = accept(listener, NULL, NULL);
    done(client);
}

// ---- many at once
static void many_are_waited_for_by_select(void) {
    enum { MANY = 20 };
    swoole_client *clients[MANY];
    swoole_selected list[MANY];
    int peers[MANY], port = 0, left = MANY;
    listener = listen_on_a_free_port(&port);
    for (int i = 0; i < MANY; i++) {
        clients[i] = new_client(SWOOLE_SOCK_TCP);
        CHECK_OK(swoole_client_connect_nowait(clients[i], "127.0.0.1", port, 10));
        peers[i] = accept(listener, NULL, NULL);
        list[i].fd = swoole_client_descriptor(clients[i]);
        list[i].events = SWOOLE_EVENT_READ;
    }
    for (int i = 0; i < MANY; i++) say(peers[i], i % 2 ? "odd" : "eve", 3);
    while (left > 0) {
        size_t ready = 0;
        CHECK_OK(swoole_select(list, MANY, 10, &ready));
        if (ready == 0) break;
        for (int i = 0; i < MANY; i++) {
            if (!list[i].ready) continue;
            CHECK(receives(clients[i], 0, 0, i % 2 ? "odd" : "eve"));
            left--;
        }
    }
    CHECK(left == 0);
    for (int i = 0; i < MANY; i++) {
        swoole_client_free(clients[i]);
        close(peers[i]);
    }
    close(listener);
}

// ---- wrong calls
static swoole_client *shared_client;

static void *use_from_another_thread(void *unused) {
    (void)unused;
    CHECK(swoole_client_send(shared_client, "x", 1) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("thread");
    CHECK(!swoole_client_is_connected(shared_client));
    swoole_client_free(shared_client); // refused
    return NULL;
}

static void a_client_is_its_threads(void) {
    pthread_t thread;
    shared_client = connected(new_client(SWOOLE_SOCK_TCP));
    CHECK(pthread_create(&thread, NULL, use_from_another_thread, NULL) == 0 && pthread_join(thread, NULL) == 0);
    CHECK_OK(swoole_client_send(shared_client, "x", 1));
    done(shared_client);
}

static char warning[256];
static void note_warning(void *userdata, const char *message) {
    (void)userdata;
    snprintf(warning, sizeof warning, "%s", message);
}

static void wrong_calls_are_refused(void) {
    const uint8_t *data = NULL;
    size_t len = 0;
    swoole_client *client = (swoole_client *)&len;
    CHECK(swoole_client_new(7, &client) == SWOOLE_ERROR_INVALID_PARAMS && client == (swoole_client *)&len);
    CHECK(swoole_client_new(SWOOLE_SOCK_TCP, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    swoole_client_free(NULL);
    CHECK(swoole_client_connect(NULL, "127.0.0.1", 1, 1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_client_recv(NULL, 0, 0, &data, &len) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(!swoole_client_is_connected(NULL) && swoole_client_descriptor(NULL) == -1 && swoole_client_sent(NULL) == 0);
    CHECK(!swoole_client_has_pending(NULL));
    client = new_client(SWOOLE_SOCK_TCP);
    CHECK(swoole_client_connect(client, NULL, 1, 1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_client_connect(client, "127.0.0.1", 65536, 1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_client_connect(client, "127.0.0.1", -1, 1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_client_connect(client, "127.0.0.1", 1, -1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_client_connect_kept(client, "127.0.0.1", 1, 1, NULL, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_client_keep(client, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_client_set_timeout(client, -1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_client_shutdown(client, SHUT_RD) == SWOOLE_ERROR_CLIENT_NO_CONNECTION);
    CHECK(swoole_client_send_to(client, "127.0.0.1", 1, "x", 1) == SWOOLE_ERROR_OPERATION_NOT_SUPPORT);
    connected(client);
    CHECK(swoole_client_connect(client, "127.0.0.1", 1, 1) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_client_send(client, NULL, 1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_client_recv(client, 0, 0, NULL, &len) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_client_recv(client, 0, 0, &data, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    // Options.
    swoole_set_warning_handler(note_warning, NULL);
    CHECK_OK(swoole_client_set_int(client, "bind_prot", 1));
    CHECK(strstr(warning, "bind_port") != NULL);
    swoole_set_warning_handler(NULL, NULL);
    CHECK(swoole_client_set_str(client, "open_eof_check", "perhaps") == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_client_set_int(client, NULL, 1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_client_set_str(client, "package_eof", NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_client_set_float(client, "bind_port", 0.5) == SWOOLE_ERROR_INVALID_PARAMS);
    done(client);
}

static const struct test tests[] = {
    {"bytes_go_both_ways", bytes_go_both_ways},
    {"the_peers_end_is_nothing_received", the_peers_end_is_nothing_received},
    {"a_half_closed_connection_still_receives", a_half_closed_connection_still_receives},
    {"flags_are_those_of_recv", flags_are_those_of_recv},
    {"both_ends_have_addresses", both_ends_have_addresses},
    {"packages_with_an_end_mark_come_one_by_one", packages_with_an_end_mark_come_one_by_one},
    {"packages_with_a_length_are_of_any_length", packages_with_a_length_are_of_any_length},
    {"a_function_tells_the_length", a_function_tells_the_length},
    {"a_refused_connection_names_its_peer", a_refused_connection_names_its_peer},
    {"nobody_answers_within_the_timeout", nobody_answers_within_the_timeout},
    {"a_name_that_is_none_is_told", a_name_that_is_none_is_told},
    {"waiting_ends_with_the_timeout", waiting_ends_with_the_timeout},
    {"a_connection_that_was_reset_is_told", a_connection_that_was_reset_is_told},
    {"datagrams_go_both_ways", datagrams_go_both_ways},
    {"datagrams_go_over_ipv6", datagrams_go_over_ipv6},
    {"unix_sockets_are_paths", unix_sockets_are_paths},
    {"a_file_or_a_part_of_it_is_sent", a_file_or_a_part_of_it_is_sent},
    {"a_kept_connection_is_taken_up_again", a_kept_connection_is_taken_up_again},
    {"many_are_waited_for_by_select", many_are_waited_for_by_select},
    {"a_client_is_its_threads", a_client_is_its_threads},
    {"wrong_calls_are_refused", wrong_calls_are_refused},
};
RUN(tests)
