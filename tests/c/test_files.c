// send_file: whole files, parts of them, and files that cannot be sent.
#include "support.h"

static char path[64];
enum { SIZE = 300000 };

static char byte_at(size_t i) { return (char)('a' + i % 23); }

static void make_file(void) {
    snprintf(path, sizeof path, "/tmp/swoole_rs_file_XXXXXX");
    FILE *file = fdopen(mkstemp(path), "w");
    for (size_t i = 0; i < SIZE; i++) fputc(byte_at(i), file);
    fclose(file);
}

static void on_command(void *userdata, swoole_server *server, int64_t session, int32_t reactor, const uint8_t *data,
                       size_t len) {
    (void)userdata, (void)reactor;
    if (is_text(data, len, "all")) {
        answer(server, session, "<");
        CHECK_OK(swoole_server_send_file(server, session, path, 0, 0));
        answer(server, session, ">");
    } else if (is_text(data, len, "part")) {
        CHECK_OK(swoole_server_send_file(server, session, path, 1000, 70000));
        answer(server, session, ">");
    } else if (is_text(data, len, "bad")) {
        CHECK(swoole_server_send_file(server, session, "/no/such/file", 0, 0) == SWOOLE_ERROR_FILE_NOT_EXIST);
        CHECK_MESSAGE("/no/such/file");
        CHECK(swoole_server_send_file(server, session, "/tmp", 0, 0) == SWOOLE_ERROR_SERVER_IS_NOT_REGULAR_FILE);
        CHECK(swoole_server_send_file(server, session, path, SIZE, 0) == SWOOLE_ERROR_FILE_EMPTY);
        CHECK(swoole_server_send_file(server, session, path, 0, SIZE + 1) == SWOOLE_ERROR_INVALID_PARAMS);
        CHECK(swoole_server_send_file(server, session + 1000, path, 0, 0) == SWOOLE_ERROR_SESSION_NOT_EXIST);
        answer(server, session, "refused\n");
    }
}

static void configure(swoole_server *server) { CHECK_OK(swoole_server_on_receive(server, on_command, NULL)); }

static void expect_bytes(int fd, size_t from, size_t count) {
    static char got[SIZE];
    CHECK(hear(fd, got, count));
    size_t i = 0;
    while (i < count && got[i] == byte_at(from + i)) i++;
    CHECK(i == count);
}

static void expect_char(int fd, char wanted) {
    char c = 0;
    CHECK(hear(fd, &c, 1) && c == wanted);
}

static void a_file_is_sent_between_its_neighbours(void) {
    make_file();
    serve(1, configure);
    int fd = dial();
    for (int round = 0; round < 3; round++) {
        say(fd, "all", 3);
        expect_char(fd, '<');
        expect_bytes(fd, 0, SIZE);
        expect_char(fd, '>');
    }
    close(fd);
    finish();
    unlink(path);
}

static void a_part_of_a_file_is_sent(void) {
    make_file();
    serve(1, configure);
    int fd = dial();
    say(fd, "part", 4);
    expect_bytes(fd, 1000, 70000);
    expect_char(fd, '>');
    close(fd);
    finish();
    unlink(path);
}

static void a_file_that_cannot_be_sent_is_refused(void) {
    make_file();
    serve(1, configure);
    int fd = dial();
    CHECK_TEXT(talk(fd, "bad"), "refused");
    close(fd);
    finish();
    unlink(path);
}

static const struct test tests[] = {
    {"a_file_is_sent_between_its_neighbours", a_file_is_sent_between_its_neighbours},
    {"a_part_of_a_file_is_sent", a_part_of_a_file_is_sent},
    {"a_file_that_cannot_be_sent_is_refused", a_file_that_cannot_be_sent_is_refused},
};
RUN(tests)
