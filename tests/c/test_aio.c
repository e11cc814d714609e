// Files, names and commands beside the loop.
#include "loop.h"

#include <sys/stat.h>

static char directory[] = "/tmp/swoole_aio_XXXXXX";
static char path[64];

// A file of this test's, with this content.
static void make_file(const void *content, size_t len) {
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    CHECK(fd >= 0 && write(fd, content, len) == (ssize_t)len);
    close(fd);
}

// The file's content as a text.
static const char *content(void) {
    static char text[4096];
    int fd = open(path, O_RDONLY);
    ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    text[got > 0 ? got : 0] = 0;
    if (fd >= 0) close(fd);
    return text;
}

// ---- reading
static void see_data(void *userdata, swoole_result result, const uint8_t *data, size_t len) {
    char text[64];
    CHECK(userdata == &path && data != NULL);
    CHECK(result == SWOOLE_OK || len == 0);
    snprintf(text, sizeof text, "%d:%.*s", (int)result, (int)len, (const char *)data);
    see(text);
}

static void read_whole(const char *what, const char *wanted) {
    seen[0] = 0;
    CHECK_OK(swoole_aio_read_file(what, see_data, &path));
    CHECK(!swoole_event_is_empty());
    CHECK_TEXT(seen, "");
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, wanted);
}

LOOP_TEST(a_file_is_read) {
    make_file("hello", 5);
    read_whole(path, "0:hello");
    make_file("", 0);
    read_whole(path, "0:");
    unlink(path);
}

LOOP_TEST(what_cannot_be_read_is_told) {
    char wanted[16];
    snprintf(wanted, sizeof wanted, "%d:", SWOOLE_ERROR_FILE_NOT_EXIST);
    read_whole(path, wanted);
    CHECK_MESSAGE(path);
    snprintf(wanted, sizeof wanted, "%d:", SWOOLE_ERROR_SERVER_IS_NOT_REGULAR_FILE);
    read_whole(directory, wanted);
    make_file("x", 1);
    CHECK(truncate(path, (4 << 20) + 1) == 0);
    snprintf(wanted, sizeof wanted, "%d:", SWOOLE_ERROR_FILE_TOO_LARGE);
    read_whole(path, wanted);
    unlink(path);
}

static size_t stop_after;
static bool see_chunk(void *userdata, swoole_result result, const uint8_t *data, size_t len) {
    CHECK(userdata == &path);
    if (result != SWOOLE_OK) see("error");
    see_data(userdata, result, data, len);
    return --stop_after > 0;
}

static bool see_piece(void *userdata, swoole_result result, const uint8_t *data, size_t len) {
    char text[64];
    CHECK(userdata == &path && data != NULL && result == SWOOLE_OK);
    snprintf(text, sizeof text, "%.*s", (int)len, (const char *)data);
    see(len ? text : "end");
    return --stop_after > 0;
}

LOOP_TEST(a_file_is_read_in_chunks) {
    make_file("0123456789", 10);
    stop_after = 99;
    CHECK_OK(swoole_aio_read(path, 4, 1, see_piece, &path));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "1234 5678 9 end");
    // Until the function has enough.
    seen[0] = 0, stop_after = 2;
    CHECK_OK(swoole_aio_read(path, 3, 0, see_piece, &path));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "012 345");
    unlink(path);
    seen[0] = 0, stop_after = 99;
    CHECK_OK(swoole_aio_read(path, 3, 0, see_chunk, &path));
    CHECK_OK(swoole_event_wait());
    CHECK(strncmp(seen, "error 700:", 10) == 0);
}

static uint64_t total;
static bool add_up(void *userdata, swoole_result result, const uint8_t *data, size_t len) {
    CHECK(userdata == NULL && result == SWOOLE_OK);
    for (size_t i = 0; i < len; i += 4096) CHECK(data[i] == 0);
    total += len;
    return true;
}

LOOP_TEST(a_long_file_needs_the_memory_of_a_chunk) {
    enum { LONG = 64 << 20 };
    make_file("", 0);
    CHECK(truncate(path, LONG) == 0);
    total = 0;
    CHECK_OK(swoole_aio_read(path, 1 << 20, 0, add_up, NULL));
    CHECK_OK(swoole_event_wait());
    CHECK(total == LONG);
    unlink(path);
}

// ---- writing
static void see_written(void *userdata, swoole_result result, size_t written) {
    char text[64];
    if (result == SWOOLE_ERROR_SYSTEM_CALL_FAIL) snprintf(text, sizeof text, "%s:%d", (const char *)userdata, swoole_last_error());
    else snprintf(text, sizeof text, "%s:%d:%d", (const char *)userdata, (int)result, (int)written);
    see(text);
}

LOOP_TEST(a_file_is_written_and_appended_to) {
    CHECK_OK(swoole_aio_write_file(path, "hello", 5, false, see_written, (void *)"new"));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(content(), "hello");
    CHECK_OK(swoole_aio_write_file(path, " world", 6, true, see_written, (void *)"append"));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(content(), "hello world");
    CHECK_OK(swoole_aio_write_file(path, "bye", 3, false, NULL, NULL));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(content(), "bye");
    CHECK_OK(swoole_aio_write_file(path, NULL, 0, false, see_written, (void *)"empty"));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(content(), "");
    CHECK_TEXT(seen, "new:0:5 append:0:6 empty:0:0");
    unlink(path);
}

LOOP_TEST(a_part_of_a_file_is_written) {
    make_file("0123456789", 10);
    CHECK_OK(swoole_aio_write(path, "ab", 2, 3, see_written, (void *)"at"));
    CHECK_OK(swoole_aio_write(path, "!", 1, -1, see_written, (void *)"end"));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(content(), "012ab56789!");
    CHECK_TEXT(seen, "at:0:2 end:0:1");
    unlink(path);
}

LOOP_TEST(writes_to_one_file_keep_their_order) {
    char wanted[201] = "";
    for (int i = 0; i < 100; i++) {
        char two[3] = {(char)('a' + i % 26), (char)('A' + i % 26), 0};
        strcat(wanted, two);
        CHECK_OK(swoole_aio_write(path, two, 2, -1, NULL, NULL));
    }
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(content(), wanted);
    unlink(path);
}

LOOP_TEST(what_cannot_be_written_is_told) {
    char full[32], none[96];
    CHECK_OK(swoole_aio_write_file("/dev/full", "x", 1, true, see_written, (void *)"full"));
    CHECK_OK(swoole_event_wait());
    snprintf(full, sizeof full, "full:%d", ENOSPC);
    CHECK_TEXT(seen, full);
    seen[0] = 0;
    CHECK_OK(swoole_aio_write_file(directory, "x", 1, false, see_written, (void *)"directory"));
    CHECK_OK(swoole_event_wait());
    CHECK(strncmp(seen, "directory:", 10) == 0 && strstr(seen, ":0:1") == NULL);
    seen[0] = 0;
    snprintf(none, sizeof none, "%s/none/file", directory);
    CHECK_OK(swoole_aio_write(none, "x", 1, 0, see_written, (void *)"none"));
    CHECK_OK(swoole_event_wait());
    CHECK(strncmp(seen, "none:", 5) == 0 && strcmp(seen, "none:0:1") != 0);
    CHECK_MESSAGE(none);
    // Without a function it is logged, which is seen on stderr; the loop ends all the same.
    CHECK_OK(swoole_aio_write(none, "x", 1, 0, NULL, NULL));
    CHECK_OK(swoole_event_wait());
}

// ---- names
static void see_address(void *userdata, swoole_result result, const char *address) {
    CHECK(userdata == &path);
    CHECK((result == SWOOLE_OK) == (address != NULL));
    if (address) see(address);
    else see(result == SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED ? "failed" : result == SWOOLE_ERROR_DNSLOOKUP_RESOLVE_TIMEOUT ? "timeout" : "other");
}

static void look_up(const char *host, int family) {
    CHECK_OK(swoole_aio_resolve(host, family, see_address, &path));
    CHECK_OK(swoole_event_wait());
}

LOOP_TEST(addresses_are_given_back) {
    look_up("127.0.0.1", AF_INET);
    look_up("::1", AF_INET6);
    look_up("localhost", AF_INET);
    CHECK_TEXT(seen, "127.0.0.1 ::1 127.0.0.1");
}

// A name server for one name and one question, in the same loop: 192.0.2.7.
static void serve_names(void *userdata, int32_t fd) {
    uint8_t packet[512];
    struct sockaddr_in from;
    socklen_t size = sizeof from;
    static const uint8_t record[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7};
    ssize_t got = recvfrom(fd, packet, 256, 0, (struct sockaddr *)&from, &size);
    if (got < 12) return;
    // Its question ends with the name's final 0, a type and a class.
    size_t end = 12;
    while (packet[end] != 0) end += packet[end] + 1u;
    end += 5;
    packet[2] = 0x81, packet[3] = 0x80;
    packet[6] = 0, packet[7] = 1;
    packet[8] = packet[9] = packet[10] = packet[11] = 0;
    memcpy(packet + end, record, sizeof record);
    ++*(int *)userdata;
    CHECK(sendto(fd, packet, end + sizeof record, 0, (struct sockaddr *)&from, size) > 0);
    CHECK_OK(swoole_event_del(fd));
}

LOOP_TEST(a_name_server_of_ones_own_is_asked) {
    char server[32];
    int asked = 0;
    struct sockaddr_in address = local_address(0);
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK(bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    snprintf(server, sizeof server, "127.0.0.1:%d", ntohs(address.sin_port));
    CHECK_OK(swoole_event_add(fd, serve_names, NULL, &asked, SWOOLE_EVENT_READ));
    CHECK_OK(swoole_aio_set_name_server(server));
    look_up("swoole.example", AF_INET);
    CHECK_TEXT(seen, "192.0.2.7");
    look_up("swoole.example", AF_INET); // remembered: nobody would answer
    CHECK(asked == 1);
    swoole_aio_clear_name_cache();
    swoole_aio_set_random_address(true);
    CHECK_OK(swoole_event_add(fd, serve_names, NULL, &asked, SWOOLE_EVENT_READ));
    look_up("swoole.example", AF_INET);
    CHECK(asked == 2);
    CHECK_TEXT(seen, "192.0.2.7 192.0.2.7 192.0.2.7");
    CHECK_OK(swoole_aio_set_name_server(NULL));
    close(fd);
}

LOOP_TEST(a_name_that_is_none_is_told) {
    look_up("no.such.host.invalid", AF_INET);
    CHECK(strcmp(seen, "failed") == 0 || strcmp(seen, "timeout") == 0);
    CHECK_MESSAGE("no.such.host.invalid");
}

// ---- commands
static void see_ended(void *userdata, swoole_result result, const swoole_aio_ended *ended) {
    char text[128];
    CHECK(userdata == &path);
    CHECK((result == SWOOLE_OK) == (ended != NULL));
    if (ended) snprintf(text, sizeof text, "%d/%d:%.*s", ended->code, ended->signal, (int)ended->len, (const char *)ended->output);
    else snprintf(text, sizeof text, "%d", (int)result);
    see(text);
}

static void never_ended(void *userdata, swoole_result result, const swoole_aio_ended *ended) {
    (void)userdata, (void)result, (void)ended;
    CHECK(!"what was refused was called");
}

// The end of a command is watched by pidfd_open(2), which valgrind does not know.
static bool can_exec(void) { return getenv("SWOOLE_TEST_SLOW") == NULL; }

static void run_command(const char *command, const char *wanted) {
    seen[0] = 0;
    CHECK_OK(swoole_aio_exec(command, 100, see_ended, &path));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, wanted);
}

LOOP_TEST(a_command_tells_its_output_and_how_it_ended) {
    char wanted[16];
    if (!can_exec()) return;
    run_command("echo hello; exit 3", "3/0:hello\n");
    run_command("true", "0/0:");
    run_command("cat", "0/0:"); // nothing on its input
    run_command("kill -9 $$", "-1/9:");
    run_command("no-such-command 2>/dev/null", "127/0:");
    snprintf(wanted, sizeof wanted, "%d", SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE);
    run_command("yes", wanted);
}

LOOP_TEST(the_loop_goes_on_while_a_command_runs) {
    if (!can_exec()) return;
    CHECK_OK(swoole_aio_exec("read line < \"$FIFO\"; echo $line", 100, see_ended, &path));
    CHECK_OK(swoole_timer_after(5, see_timer, (void *)"timer", NULL));
    // The command waits for a line that is written after the timer.
    while (!strstr(seen, "timer")) CHECK_OK(swoole_event_dispatch());
    int fifo = open(getenv("FIFO"), O_WRONLY);
    CHECK(write(fifo, "line\n", 5) == 5);
    close(fifo);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "timer 0/0:line\n");
}

// ---- many, and bounds
static int reads;
static void count_read(void *userdata, swoole_result result, const uint8_t *data, size_t len) {
    CHECK(userdata == NULL && result == SWOOLE_OK && is_text(data, len, "hello"));
    reads++;
}

LOOP_TEST(many_are_done_and_too_many_refused) {
    int begun = 0;
    make_file("hello", 5);
    CHECK_OK(swoole_aio_set_threads(4));
    swoole_result result = SWOOLE_OK;
    while (begun < 20000 && (result = swoole_aio_read_file(path, count_read, NULL)) == SWOOLE_OK) begun++;
    CHECK(result == SWOOLE_ERROR_QUEUE_FULL);
    CHECK(begun == 8192);
    CHECK(swoole_aio_set_threads(5) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_OK(swoole_event_wait());
    CHECK(reads == begun);
    unlink(path);
}

static void never_read(void *userdata, swoole_result result, const uint8_t *data, size_t len) {
    (void)userdata, (void)result, (void)data, (void)len;
    CHECK(!"nobody is called after the loop has ended");
}

LOOP_TEST(a_dropped_loop_calls_nobody) {
    make_file("hello", 5);
    CHECK_OK(swoole_aio_read_file(path, never_read, NULL));
    CHECK_OK(swoole_event_exit());
    CHECK(swoole_event_is_empty());
    CHECK_OK(swoole_aio_read_file(path, count_read, NULL));
    CHECK_OK(swoole_event_wait());
    CHECK(reads == 1);
    unlink(path);
}

static void never_written(void *userdata, swoole_result result, size_t written) {
    (void)userdata, (void)result, (void)written;
    CHECK(!"what was refused was called");
}
static void never_resolved(void *userdata, swoole_result result, const char *address) {
    (void)userdata, (void)result, (void)address;
    CHECK(!"what was refused was called");
}
static bool never_chunk(void *userdata, swoole_result result, const uint8_t *data, size_t len) {
    never_read(userdata, result, data, len);
    return false;
}

LOOP_TEST(wrong_calls_are_refused) {
    CHECK(swoole_aio_read_file(NULL, never_read, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_aio_read_file(path, NULL, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_aio_read(path, 1, 0, NULL, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_aio_read(path, 0, 0, never_chunk, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_aio_read(path, (1 << 20) + 1, 0, never_chunk, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_MESSAGE("1048577");
    CHECK(swoole_aio_read(path, 1, UINT64_MAX, never_chunk, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_aio_write_file(NULL, "x", 1, false, never_written, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_aio_write_file(path, NULL, 1, false, never_written, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_aio_write(path, "x", 1, -2, never_written, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_MESSAGE("-2");
    CHECK(swoole_aio_write(path, NULL, 1, 0, never_written, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_aio_resolve(NULL, AF_INET, never_resolved, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_aio_resolve("localhost", AF_INET, NULL, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_aio_resolve("localhost", AF_UNIX, never_resolved, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_aio_resolve("", AF_INET, never_resolved, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_aio_exec(NULL, 1, never_ended, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_aio_exec("true", 1, NULL, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_aio_set_threads(0) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_aio_set_threads(-1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_aio_set_threads(33) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_aio_set_name_server("no address") == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_MESSAGE("no address");
}

// ---- in a server
static swoole_server *own;
static int64_t asker;

static void answer_file(void *userdata, swoole_result result, const uint8_t *data, size_t len) {
    CHECK(userdata == &asker && result == SWOOLE_OK);
    CHECK_OK(swoole_server_send(own, asker, data, len));
}

static void read_in_worker(swoole_server *server, int64_t session) {
    own = server, asker = session;
    CHECK_OK(swoole_aio_read_file(path, answer_file, &asker));
}

static void configure(swoole_server *server) { CHECK_OK(swoole_server_on_receive(server, do_job, NULL)); }

static void a_worker_reads_files_in_its_own_loop(void) {
    make_file("from a file\n", 12);
    job = read_in_worker;
    serve(1, configure);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "from a file");
    CHECK_TEXT(talk(fd, "go"), "from a file");
    close(fd);
    finish();
    unlink(path);
}

static const struct test tests[] = {
    {"a_file_is_read", a_file_is_read},
    {"what_cannot_be_read_is_told", what_cannot_be_read_is_told},
    {"a_file_is_read_in_chunks", a_file_is_read_in_chunks},
    {"a_long_file_needs_the_memory_of_a_chunk", a_long_file_needs_the_memory_of_a_chunk},
    {"a_file_is_written_and_appended_to", a_file_is_written_and_appended_to},
    {"a_part_of_a_file_is_written", a_part_of_a_file_is_written},
    {"writes_to_one_file_keep_their_order", writes_to_one_file_keep_their_order},
    {"what_cannot_be_written_is_told", what_cannot_be_written_is_told},
    {"addresses_are_given_back", addresses_are_given_back},
    {"a_name_server_of_ones_own_is_asked", a_name_server_of_ones_own_is_asked},
    {"a_name_that_is_none_is_told", a_name_that_is_none_is_told},
    {"a_command_tells_its_output_and_how_it_ended", a_command_tells_its_output_and_how_it_ended},
    {"the_loop_goes_on_while_a_command_runs", the_loop_goes_on_while_a_command_runs},
    {"many_are_done_and_too_many_refused", many_are_done_and_too_many_refused},
    {"a_dropped_loop_calls_nobody", a_dropped_loop_calls_nobody},
    {"wrong_calls_are_refused", wrong_calls_are_refused},
    {"a_worker_reads_files_in_its_own_loop", a_worker_reads_files_in_its_own_loop},
};

int main(int argc, char **argv) {
    char fifo[64];
    if (!mkdtemp(directory)) return 2;
    snprintf(path, sizeof path, "%s/file", directory);
    snprintf(fifo, sizeof fifo, "%s/fifo", directory);
    if (mkfifo(fifo, 0600) != 0 || setenv("FIFO", fifo, 1) != 0) return 2;
    int bad = run_tests(argc, argv, tests, sizeof tests / sizeof tests[0]);
    unlink(fifo);
    rmdir(directory);
    return bad;
}
