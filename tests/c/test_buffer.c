// A buffer that grows at the end and is taken away at the front.
#include "children.h"

static swoole_buffer *buffer;

static void make(const char *text) {
    CHECK_OK(swoole_buffer_new(16, &buffer));
    CHECK_OK(swoole_buffer_append(buffer, text, strlen(text)));
}

static void holds(const char *text) {
    CHECK(swoole_buffer_length(buffer) == strlen(text));
    CHECK(is_text(swoole_buffer_data(buffer), swoole_buffer_length(buffer), text));
}

static void reads(int64_t offset, size_t len, const char *text) {
    const uint8_t *data = NULL;
    size_t got = 0;
    CHECK_OK(swoole_buffer_read(buffer, offset, len, &data, &got));
    CHECK(is_text(data, got, text));
}

static void what_is_appended_is_read_from_either_end(void) {
    make("hello ");
    CHECK_OK(swoole_buffer_append(buffer, "world", 5));
    holds("hello world");
    reads(0, 5, "hello");
    reads(6, 0, "world");
    reads(-5, 3, "wor");
    reads(11, 0, "");
    swoole_buffer_free(buffer);
}

static void the_front_is_taken_away(void) {
    make("hello world");
    CHECK_OK(swoole_buffer_remove(buffer, 6));
    holds("world");
    reads(0, 2, "wo");
    CHECK(swoole_buffer_capacity(buffer) == 16);
    CHECK_OK(swoole_buffer_recycle(buffer));
    holds("world");
    REFUSED(swoole_buffer_remove(buffer, 6));
    CHECK_MESSAGE("6");
    CHECK_OK(swoole_buffer_remove(buffer, 5));
    holds("");
    swoole_buffer_free(buffer);
}

static void writing_goes_over_and_behind(void) {
    make("hello");
    CHECK_OK(swoole_buffer_write(buffer, 1, "u", 1));
    holds("hullo");
    CHECK_OK(swoole_buffer_write(buffer, -1, "a there", 7));
    holds("hulla there");
    CHECK_OK(swoole_buffer_write(buffer, 11, "!", 1));
    holds("hulla there!");
    REFUSED(swoole_buffer_write(buffer, 13, "x", 1));
    CHECK_MESSAGE("13");
    REFUSED(swoole_buffer_write(buffer, -13, "x", 1));
    holds("hulla there!");
    swoole_buffer_free(buffer);
}

static void it_grows_by_itself_and_when_told(void) {
    char text[1000];
    memset(text, 'x', sizeof text);
    make("");
    for (int i = 0; i < 100; i++) CHECK_OK(swoole_buffer_append(buffer, text, sizeof text));
    CHECK(swoole_buffer_length(buffer) == 100000 && swoole_buffer_capacity(buffer) >= 100000);
    CHECK_OK(swoole_buffer_expand(buffer, 300000));
    CHECK(swoole_buffer_capacity(buffer) == 300000);
    REFUSED(swoole_buffer_expand(buffer, 300000));
    CHECK_OK(swoole_buffer_clear(buffer));
    CHECK(swoole_buffer_length(buffer) == 0 && swoole_buffer_capacity(buffer) == 300000);
    swoole_buffer_free(buffer);
}

static void out_of_bounds_is_an_error(void) {
    const uint8_t *data = NULL;
    size_t got = 77;
    make("hello");
    REFUSED(swoole_buffer_read(buffer, 6, 0, &data, &got));
    REFUSED(swoole_buffer_read(buffer, -6, 1, &data, &got));
    REFUSED(swoole_buffer_read(buffer, 2, 4, &data, &got));
    CHECK_MESSAGE("beyond the end");
    CHECK(data == NULL && got == 77);
    swoole_buffer_free(buffer);
}

static void wrong_calls_are_refused(void) {
    const uint8_t *data;
    size_t got;
    buffer = NULL;
    REFUSED(swoole_buffer_new(0, &buffer));
    REFUSED(swoole_buffer_new((size_t)3 << 30, &buffer));
    CHECK_MESSAGE("2 GiB");
    REFUSED(swoole_buffer_new(1, NULL));
    CHECK(buffer == NULL);
    REFUSED(swoole_buffer_append(NULL, "x", 1));
    CHECK_MESSAGE("swoole_buffer_new");
    REFUSED(swoole_buffer_write(NULL, 0, "x", 1));
    REFUSED(swoole_buffer_read(NULL, 0, 1, &data, &got));
    REFUSED(swoole_buffer_remove(NULL, 0));
    REFUSED(swoole_buffer_expand(NULL, 1));
    REFUSED(swoole_buffer_recycle(NULL));
    REFUSED(swoole_buffer_clear(NULL));
    CHECK(swoole_buffer_data(NULL) == NULL && swoole_buffer_length(NULL) == 0 && swoole_buffer_capacity(NULL) == 0);
    swoole_buffer_free(NULL);
    make("x");
    REFUSED(swoole_buffer_append(buffer, NULL, 1));
    CHECK_OK(swoole_buffer_append(buffer, NULL, 0));
    REFUSED(swoole_buffer_read(buffer, 0, 1, NULL, &got));
    REFUSED(swoole_buffer_read(buffer, 0, 1, &data, NULL));
    holds("x");
    swoole_buffer_free(buffer);
}

static const struct test tests[] = {
    {"what_is_appended_is_read_from_either_end", what_is_appended_is_read_from_either_end},
    {"the_front_is_taken_away", the_front_is_taken_away},
    {"writing_goes_over_and_behind", writing_goes_over_and_behind},
    {"it_grows_by_itself_and_when_told", it_grows_by_itself_and_when_told},
    {"out_of_bounds_is_an_error", out_of_bounds_is_an_error},
    {"wrong_calls_are_refused", wrong_calls_are_refused},
};
RUN(tests)
