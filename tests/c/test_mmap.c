// A part of a file, read and written in place, by several processes.
#include "children.h"

static char path[64];
static swoole_mmap *file;

static void make_file(const char *text) {
    snprintf(path, sizeof path, "/tmp/swoole_rs_mmap_%d", (int)getpid());
    FILE *stream = fopen(path, "w");
    if (!stream || fputs(text, stream) < 0 || fclose(stream) != 0) perror(path);
}

static void reads(size_t size, const char *text) {
    char into[64] = "";
    size_t got = 0;
    CHECK_OK(swoole_mmap_read(file, into, size, &got));
    CHECK(got == strlen(text) && memcmp(into, text, got) == 0);
}

static void finish_file(void) {
    swoole_mmap_free(file);
    unlink(path);
}

static void it_is_read_written_and_moved_about_in(void) {
    size_t written = 0;
    uint64_t position = 0;
    make_file("hello world");
    CHECK_OK(swoole_mmap_open(path, 0, 0, &file));
    CHECK(swoole_mmap_size(file) == 11);
    reads(5, "hello");
    CHECK_OK(swoole_mmap_seek(file, 1, SEEK_CUR, &position));
    CHECK(position == 6);
    CHECK_OK(swoole_mmap_write(file, "WORLD!", 6, &written));
    CHECK(written == 5); // it does not grow
    reads(1, "");
    CHECK_OK(swoole_mmap_seek(file, -5, SEEK_END, NULL));
    reads(10, "WORLD");
    CHECK_OK(swoole_mmap_seek(file, 0, SEEK_SET, NULL));
    reads(60, "hello WORLD");
    CHECK_OK(swoole_mmap_flush(file));
    finish_file();
}

static void a_window_has_its_own_bounds(void) {
    uint64_t position = 99;
    make_file("hello world");
    CHECK_OK(swoole_mmap_open(path, 4, 2, &file));
    CHECK(swoole_mmap_size(file) == 4);
    reads(60, "llo ");
    REFUSED(swoole_mmap_seek(file, 5, SEEK_SET, &position));
    REFUSED(swoole_mmap_seek(file, -5, SEEK_CUR, &position));
    REFUSED(swoole_mmap_seek(file, -1, SEEK_SET, &position));
    REFUSED(swoole_mmap_seek(file, 0, 9, &position));
    CHECK_MESSAGE("SEEK_END");
    CHECK(position == 99);
    finish_file();
}

static int32_t shout(void *userdata, swoole_process *process) {
    size_t written = 0;
    (void)userdata, (void)process;
    CHECK_OK(swoole_mmap_seek(file, 0, SEEK_SET, NULL));
    CHECK_OK(swoole_mmap_write(file, "HELLO", 5, &written));
    return (int)written;
}

static void others_see_what_is_written(void) {
    make_file("hello world");
    CHECK_OK(swoole_mmap_open(path, 0, 0, &file));
    await_code(begin_child(shout, NULL), 5);
    reads(60, "HELLO world"); // the child's position is its own
    finish_file();
}

static void a_file_that_was_cut_is_an_error(void) {
    char into[16];
    size_t got = 0;
    make_file("hello world");
    CHECK_OK(swoole_mmap_open(path, 0, 0, &file));
    CHECK(truncate(path, 0) == 0);
    CHECK(swoole_mmap_read(file, into, sizeof into, &got) == SWOOLE_ERROR_FILE_EMPTY);
    CHECK_MESSAGE(path);
    finish_file();
}

static void wrong_calls_are_refused(void) {
    char into[4];
    size_t got;
    file = NULL;
    make_file("hello");
    FAILED(swoole_mmap_open("/no/such/file", 0, 0, &file), ENOENT);
    CHECK_MESSAGE("/no/such/file");
    REFUSED(swoole_mmap_open(path, 6, 0, &file));
    REFUSED(swoole_mmap_open(path, 0, 5, &file));
    REFUSED(swoole_mmap_open(path, UINT64_MAX, 2, &file));
    REFUSED(swoole_mmap_open(NULL, 0, 0, &file));
    REFUSED(swoole_mmap_open(path, 0, 0, NULL));
    CHECK(file == NULL);
    REFUSED(swoole_mmap_read(NULL, into, 4, &got));
    CHECK_MESSAGE("swoole_mmap_open");
    REFUSED(swoole_mmap_write(NULL, into, 4, &got));
    REFUSED(swoole_mmap_seek(NULL, 0, SEEK_SET, NULL));
    REFUSED(swoole_mmap_flush(NULL));
    CHECK(swoole_mmap_size(NULL) == 0);
    swoole_mmap_free(NULL);
    CHECK_OK(swoole_mmap_open(path, 0, 0, &file));
    REFUSED(swoole_mmap_read(file, NULL, 4, &got));
    REFUSED(swoole_mmap_read(file, into, 4, NULL));
    finish_file();
}

static const struct test tests[] = {
    {"it_is_read_written_and_moved_about_in", it_is_read_written_and_moved_about_in},
    {"a_window_has_its_own_bounds", a_window_has_its_own_bounds},
    {"others_see_what_is_written", others_see_what_is_written},
    {"a_file_that_was_cut_is_an_error", a_file_that_was_cut_is_an_error},
    {"wrong_calls_are_refused", wrong_calls_are_refused},
};
RUN(tests)
