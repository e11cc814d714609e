// Packages: by their end, by a length field, by a function; whole, however they come.
#include "support.h"

static void tell_length(void *userdata, swoole_server *server, int64_t session, int32_t reactor, const uint8_t *data,
                        size_t len) {
    char line[64];
    (void)userdata, (void)reactor, (void)data;
    snprintf(line, sizeof line, "%zu\n", len);
    answer(server, session, line);
}

// A package: one digit that says how many bytes follow.
static ptrdiff_t digit_length(void *userdata, swoole_server *server, int32_t port_id, const uint8_t *data, size_t len) {
    CHECK(userdata == shared && server != NULL && port_id == 0);
    if (len == 0) return 0;
    if (data[0] < '0' || data[0] > '9') return -1;
    return 1 + (data[0] - '0');
}

static void configure_function(swoole_server *server) {
    CHECK_OK(swoole_server_set_bool(server, "open_length_check", true));
    CHECK_OK(swoole_server_set_package_length_func(server, digit_length, shared));
    CHECK_OK(swoole_server_on_receive(server, tell_length, NULL));
}

static void a_function_finds_the_packages(void) {
    serve(1, configure_function);
    int fd = dial();
    CHECK_TEXT(talk(fd, "3abc5abcde0"), "4");
    CHECK_TEXT(talk(fd, ""), "6");
    CHECK_TEXT(talk(fd, ""), "1");
    for (const char *at = "4abc"; *at; at++) say(fd, at, 1);
    CHECK_TEXT(talk(fd, "d"), "5");
    close(fd);
    finish();
}

static void bad_data_closes_the_connection(void) {
    serve(1, configure_function);
    int bad = dial(), good = dial();
    say(bad, "x", 1);
    CHECK(is_closed(bad));
    CHECK_TEXT(talk(good, "1a"), "2");
    close(bad);
    close(good);
    finish();
}

static ptrdiff_t digit_length_anywhere(void *userdata, swoole_server *server, int32_t port_id, const uint8_t *data,
                                       size_t len) {
    (void)port_id;
    return digit_length(userdata, server, 0, data, len);
}

static ptrdiff_t two_bytes(void *userdata, swoole_server *server, int32_t port_id, const uint8_t *data, size_t len) {
    (void)userdata, (void)server, (void)data, (void)len;
    CHECK(port_id == 2);
    return 2;
}

static void configure_ports(swoole_server *server) {
    swoole_port_info info;
    CHECK_OK(swoole_server_set_bool(server, "open_length_check", true));
    CHECK_OK(swoole_server_set_port_package_length_func(server, 0, digit_length_anywhere, shared));
    CHECK_OK(swoole_server_on_receive(server, tell_length, NULL));
    for (int32_t id = 1; id <= 2; id++) {
        CHECK_OK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_TCP, NULL));
        CHECK_OK(swoole_server_port_info(server, id, &info));
        shared->pid[id] = info.port;
    }
    CHECK_OK(swoole_server_set_port_bool(server, 2, "open_length_check", true));
    CHECK_OK(swoole_server_set_port_package_length_func(server, 2, two_bytes, NULL));
}

static void a_port_has_its_own_function_or_the_primary_ports(void) {
    serve(1, configure_ports);
    int same = dial_port(shared->pid[1]), own = dial_port(shared->pid[2]);
    CHECK_TEXT(talk(same, "3abc"), "4");
    CHECK_TEXT(talk(own, "3abc"), "2");
    CHECK_TEXT(talk(own, ""), "2");
    close(same);
    close(own);
    finish();
}

static void configure_field(swoole_server *server) {
    CHECK_OK(swoole_server_set_bool(server, "open_length_check", true));
    CHECK_OK(swoole_server_set_str(server, "package_length_type", "n"));
    CHECK_OK(swoole_server_set_int(server, "package_length_offset", 0));
    CHECK_OK(swoole_server_set_int(server, "package_body_offset", 2));
    CHECK_OK(swoole_server_on_receive(server, tell_length, NULL));
}

static void a_length_field_finds_the_packages(void) {
    serve(1, configure_field);
    int fd = dial();
    say(fd, "\0\3abc\0", 6);
    CHECK_TEXT(talk(fd, "\1z"), "5");
    CHECK_TEXT(talk(fd, ""), "3");
    close(fd);
    finish();
}

static void configure_end(swoole_server *server) {
    CHECK_OK(swoole_server_set_bool(server, "open_eof_split", true));
    CHECK_OK(swoole_server_set_bytes(server, "package_eof", "\0\0", 2));
    CHECK_OK(swoole_server_on_receive(server, tell_length, NULL));
}

static void an_end_of_zero_bytes_splits_packages(void) {
    serve(1, configure_end);
    int fd = dial();
    say(fd, "abc\0\0de\0", 8);
    CHECK_TEXT(talk(fd, ""), "5");
    say(fd, "\0", 1);
    CHECK_TEXT(talk(fd, ""), "4");
    close(fd);
    finish();
}

static const struct test tests[] = {
    {"a_function_finds_the_packages", a_function_finds_the_packages},
    {"bad_data_closes_the_connection", bad_data_closes_the_connection},
    {"a_port_has_its_own_function_or_the_primary_ports", a_port_has_its_own_function_or_the_primary_ports},
    {"a_length_field_finds_the_packages", a_length_field_finds_the_packages},
    {"an_end_of_zero_bytes_splits_packages", an_end_of_zero_bytes_splits_packages},
};
RUN(tests)
