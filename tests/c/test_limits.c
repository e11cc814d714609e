// A slow client: the buffer events, and the end of the buffer.
#include "support.h"

static char block[100000];

static void flood(void *userdata, swoole_server *server, int64_t session, int32_t reactor, const uint8_t *data,
                  size_t len) {
    (void)userdata, (void)reactor;
    if (is_text(data, len, "large")) {
        static char large[300000];
        CHECK(swoole_server_send(server, session, large, sizeof large) == SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE);
        answer(server, session, "refused\n");
        return;
    }
    // Until the client's buffer is full: much more than the kernel takes, and than the option allows.
    for (int i = 0; i < 1000; i++) {
        swoole_result result = swoole_server_send(server, session, block, sizeof block);
        if (result == SWOOLE_OK) {
            shared->number[0] += (int64_t)sizeof block;
            continue;
        }
        CHECK(result == SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW);
        note('o');
        return;
    }
    CHECK(!"the buffer has no end");
    note('o');
}

static void on_full(void *userdata, swoole_server *server, int64_t session) {
    (void)userdata, (void)server, (void)session;
    note('f');
}

static void on_empty(void *userdata, swoole_server *server, int64_t session) {
    (void)userdata, (void)server, (void)session;
    note('e');
}

static void configure(swoole_server *server) {
    CHECK_OK(swoole_server_set_int(server, "socket_buffer_size", 2000000));
    CHECK_OK(swoole_server_set_int(server, "buffer_high_watermark", 1000000));
    CHECK_OK(swoole_server_set_int(server, "buffer_low_watermark", 0));
    CHECK_OK(swoole_server_set_int(server, "buffer_output_size", 200000));
    CHECK_OK(swoole_server_on_receive(server, flood, NULL));
    CHECK_OK(swoole_server_on_buffer_full(server, on_full, NULL));
    CHECK_OK(swoole_server_on_buffer_empty(server, on_empty, NULL));
}

static void a_slow_client_fills_and_empties_its_buffer(void) {
    serve(1, configure);
    int fd = dial();
    say(fd, "flood", 5);
    await_note('o');
    if (!strchr(notes, 'f')) await_note('f');
    for (int64_t rest = shared->number[0]; rest > 0; rest -= (int64_t)sizeof block) CHECK(hear(fd, block, sizeof block));
    if (!strchr(notes, 'e')) await_note('e');
    CHECK_TEXT(talk(fd, "large"), "refused");
    close(fd);
    finish();
}

static const struct test tests[] = {
    {"a_slow_client_fills_and_empties_its_buffer", a_slow_client_fills_and_empties_its_buffer},
};
RUN(tests)
