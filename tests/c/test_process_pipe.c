// The pipe to a process of the program's own: messages, bytes, redirected standard streams; and its message queue.
#include "children.h"

#include <sys/ipc.h>
#include <sys/msg.h>

static swoole_process *begin(swoole_process_main_fn main_function, bool redirect, int pipe_type) {
    swoole_process *process = NULL;
    CHECK_OK(swoole_process_new(main_function, NULL, redirect, pipe_type, &process));
    CHECK_OK(swoole_process_start(process, NULL));
    return process;
}

static void end_well(swoole_process *process, int code) {
    await_code(swoole_process_pid(process), code);
    swoole_process_free(process);
}

static void say_to(swoole_process *process, const char *text) { CHECK_OK(swoole_process_write(process, text, strlen(text))); }

// What comes next is this text.
static void hear_from(swoole_process *process, const char *text) {
    const uint8_t *data = NULL;
    size_t len = 0;
    CHECK_OK(swoole_process_read(process, 0, &data, &len));
    CHECK(is_text(data, len, text));
}

// Reads to the end; how many bytes there were, all of which must be those of `count_up`.
static size_t hear_all(swoole_process *process) {
    size_t all = 0, len = 0;
    const uint8_t *data;
    do {
        CHECK_OK(swoole_process_read(process, 0, &data, &len));
        for (size_t i = 0; i < len; i++, all++)
            if (data[i] != (uint8_t)all) CHECK(!"a wrong byte came");
    } while (len > 0 && shared->failed == 0);
    return all;
}

static int32_t talk_in_messages(void *userdata, swoole_process *process) {
    (void)userdata;
    hear_from(process, "one");
    hear_from(process, "");
    hear_from(process, "three");
    say_to(process, "back");
    return 0;
}

static void messages_arrive_whole_in_both_directions(void) {
    swoole_process *process = begin(talk_in_messages, false, SWOOLE_PIPE_DATAGRAM);
    say_to(process, "one");
    say_to(process, "");
    say_to(process, "three");
    hear_from(process, "back");
    end_well(process, 0);
}

#define LONG 1000000
static int32_t count_up(void *userdata, swoole_process *process) {
    (void)userdata;
    static uint8_t all[LONG];
    for (size_t i = 0; i < sizeof all; i++) all[i] = (uint8_t)i;
    CHECK_OK(swoole_process_write(process, all, sizeof all));
    return 0;
}

static void a_stream_takes_more_than_it_holds_and_ends(void) {
    swoole_process *process = begin(count_up, false, SWOOLE_PIPE_STREAM);
    CHECK(hear_all(process) == LONG);
    end_well(process, 0);
}

static void a_message_that_is_too_long_is_refused(void) {
    static char text[4 << 20];
    swoole_process *process = begin(stay_for_ever, false, SWOOLE_PIPE_DATAGRAM);
    CHECK(swoole_process_write(process, text, sizeof text) == SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE);
    CHECK_MESSAGE("4194304");
    kill_child(swoole_process_pid(process));
    swoole_process_free(process);
}

static void waiting_for_the_pipe_has_an_end(void) {
    const uint8_t *data = NULL;
    size_t len = 0;
    swoole_process *process = begin(stay_for_ever, false, SWOOLE_PIPE_STREAM);
    CHECK_OK(swoole_process_set_timeout(process, 0.01));
    FAILED(swoole_process_read(process, 1, &data, &len), EAGAIN);
    CHECK(data == NULL);
    CHECK_OK(swoole_process_set_timeout(process, 0));
    CHECK_OK(swoole_process_set_blocking(process, false));
    FAILED(swoole_process_read(process, 1, &data, &len), EAGAIN);
    REFUSED(swoole_process_set_timeout(process, -1));
    kill_child(swoole_process_pid(process));
    // Its end came with it.
    CHECK_OK(swoole_process_read(process, 1, &data, &len));
    CHECK(data != NULL && len == 0);
    FAILED(swoole_process_write(process, "x", 1), EPIPE);
    swoole_process_free(process);
}

static int32_t hear_the_end(void *userdata, swoole_process *process) {
    (void)userdata;
    hear_from(process, "");
    say_to(process, "heard");
    return 0;
}

static void parts_of_a_pipe_are_closed(void) {
    const uint8_t *data = NULL;
    size_t len = 0;
    swoole_process *process = begin(hear_the_end, false, SWOOLE_PIPE_STREAM);
    CHECK_OK(swoole_process_close(process, SWOOLE_PIPE_WRITE));
    hear_from(process, "heard");
    CHECK_OK(swoole_process_close(process, SWOOLE_PIPE_ALL));
    CHECK(swoole_process_close(process, SWOOLE_PIPE_ALL) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("closed");
    CHECK(swoole_process_read(process, 1, &data, &len) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_process_descriptor(process) == -1);
    REFUSED(swoole_process_close(process, 5));
    CHECK_MESSAGE("SWOOLE_PIPE_WRITE");
    end_well(process, 0);
}

// ---- in the loops of both sides
static void shout(void *userdata, int32_t fd) {
    swoole_process *process = (swoole_process *)userdata;
    const uint8_t *data;
    size_t len;
    char text[64];
    CHECK(fd == swoole_process_descriptor(process));
    CHECK_OK(swoole_process_read(process, sizeof text, &data, &len));
    if (len == 0) {
        CHECK_OK(swoole_event_del(fd));
        return;
    }
    for (size_t i = 0; i < len; i++) text[i] = (char)(data[i] - 'a' + 'A');
    CHECK_OK(swoole_process_write(process, text, len));
}
static int32_t watch(void *userdata, swoole_process *process) {
    (void)userdata;
    CHECK_OK(swoole_event_add(swoole_process_descriptor(process), shout, NULL, process, SWOOLE_EVENT_READ));
    return 0;
}
static void hear_shout(void *userdata, int32_t fd) {
    swoole_process *process = (swoole_process *)userdata;
    hear_from(process, "HELLO");
    see("heard");
    CHECK_OK(swoole_event_del(fd));
    CHECK_OK(swoole_process_close(process, SWOOLE_PIPE_WRITE));
}

LOOP_TEST(a_pipe_is_watched_by_the_loops_of_both_sides) {
    swoole_process *process = begin(watch, false, SWOOLE_PIPE_STREAM);
    CHECK_OK(swoole_event_add(swoole_process_descriptor(process), hear_shout, NULL, process, SWOOLE_EVENT_READ));
    say_to(process, "hello");
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "heard");
    end_well(process, 0);
}

// ---- redirected standard streams
static int32_t answer_on_stdout(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    char line[32];
    if (fgets(line, sizeof line, stdin)) printf("I heard %s", line);
    return 2;
}

static void printing_is_read_and_writing_is_its_input(void) {
    swoole_process *process = begin(answer_on_stdout, true, SWOOLE_PIPE_NONE);
    say_to(process, "hello\n");
    hear_from(process, "I heard hello\n");
    hear_from(process, "");
    end_well(process, 2);
}

static int32_t become_cat(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    const char *arguments[] = {"-u"};
    swoole_process_exec("/bin/cat", arguments, 1);
    return 1;
}

static void another_program_is_talked_to(void) {
    swoole_process *process = begin(become_cat, true, SWOOLE_PIPE_STREAM);
    say_to(process, "one\n");
    hear_from(process, "one\n");
    say_to(process, "two\n");
    hear_from(process, "two\n");
    CHECK_OK(swoole_process_close(process, SWOOLE_PIPE_WRITE));
    hear_from(process, "");
    end_well(process, 0);
}

// ---- message queues
static void pop_text(swoole_process *process, const char *text) {
    swoole_bytes message = {NULL, 0};
    CHECK_OK(swoole_process_pop(process, &message));
    CHECK(message.data && is_text(message.data, message.len, text));
    swoole_bytes_free(&message);
}

static int32_t pop_and_push(void *userdata, swoole_process *process) {
    (void)userdata;
    pop_text(process, "for the child");
    // The parent waits for its end, then pops.
    CHECK_OK(swoole_process_push(process, "for the parent", 14));
    return 0;
}

static void a_shared_queue_goes_both_ways(void) {
    swoole_process *process = NULL;
    uint64_t messages = 9, bytes = 9;
    CHECK_OK(swoole_process_new(pop_and_push, NULL, false, SWOOLE_PIPE_NONE, &process));
    CHECK_OK(swoole_process_use_queue(process, 0, SWOOLE_QUEUE_SHARED, true, 0));
    CHECK(swoole_process_queue_id(process) >= 0);
    CHECK_OK(swoole_process_start(process, NULL));
    CHECK_OK(swoole_process_push(process, "for the child", 13));
    await_code(swoole_process_pid(process), 0);
    CHECK_OK(swoole_process_stat_queue(process, &messages, &bytes));
    CHECK(messages == 1 && bytes == 14);
    pop_text(process, "for the parent");
    CHECK_OK(swoole_process_free_queue(process));
    FAILED(swoole_process_push(process, "x", 1), EIDRM);
    swoole_process_free(process);
}

static int32_t pop_own(void *userdata, swoole_process *process) {
    (void)userdata;
    pop_text(process, "second");
    return 0;
}

static void a_directed_queue_gives_each_its_own(void) {
    swoole_process *first = NULL, *second = NULL;
    uint32_t key = 0x5e100000u + (uint32_t)getpid();
    swoole_bytes message = {NULL, 0};
    CHECK_OK(swoole_process_new(stay_for_ever, NULL, false, SWOOLE_PIPE_NONE, &first));
    CHECK_OK(swoole_process_new(pop_own, NULL, false, SWOOLE_PIPE_NONE, &second));
    CHECK_OK(swoole_process_use_queue(first, key, SWOOLE_QUEUE_DIRECTED, false, 0));
    CHECK_OK(swoole_process_use_queue(second, key, SWOOLE_QUEUE_DIRECTED, true, 0));
    CHECK(swoole_process_queue_id(first) == swoole_process_queue_id(second));
    CHECK_OK(swoole_process_push(first, "first", 5));
    CHECK_OK(swoole_process_push(second, "second", 6));
    CHECK_OK(swoole_process_start(second, NULL));
    await_code(swoole_process_pid(second), 0);
    pop_text(first, "first");
    CHECK_OK(swoole_process_pop(first, &message));
    CHECK(message.data == NULL);
    CHECK_OK(swoole_process_free_queue(first));
    swoole_process_free(first);
    swoole_process_free(second);
}

static void a_full_queue_that_does_not_wait_says_so(void) {
    swoole_process *process = NULL;
    char text[1000], longer[5000] = "";
    swoole_result result;
    uint64_t messages = 0, bytes = 0;
    memset(text, 'x', sizeof text);
    CHECK_OK(swoole_process_new(pop_own, NULL, false, SWOOLE_PIPE_NONE, &process));
    CHECK_OK(swoole_process_use_queue(process, 0, SWOOLE_QUEUE_SHARED, false, 4096));
    while ((result = swoole_process_push(process, text, sizeof text)) == SWOOLE_OK && messages < 100) messages++;
    CHECK(result == SWOOLE_ERROR_QUEUE_FULL && messages == 4);
    CHECK_MESSAGE("no room");
    CHECK_OK(swoole_process_stat_queue(process, NULL, &bytes));
    CHECK(bytes == 4000);
    REFUSED(swoole_process_push(process, "", 0));
    CHECK(swoole_process_push(process, longer, sizeof longer) == SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE);
    CHECK_MESSAGE("5000");
    CHECK_OK(swoole_process_free_queue(process));
    swoole_process_free(process);
}

static const struct test tests[] = {
    {"messages_arrive_whole_in_both_directions", messages_arrive_whole_in_both_directions},
    {"a_stream_takes_more_than_it_holds_and_ends", a_stream_takes_more_than_it_holds_and_ends},
    {"a_message_that_is_too_long_is_refused", a_message_that_is_too_long_is_refused},
    {"waiting_for_the_pipe_has_an_end", waiting_for_the_pipe_has_an_end},
    {"parts_of_a_pipe_are_closed", parts_of_a_pipe_are_closed},
    {"a_pipe_is_watched_by_the_loops_of_both_sides", a_pipe_is_watched_by_the_loops_of_both_sides},
    {"printing_is_read_and_writing_is_its_input", printing_is_read_and_writing_is_its_input},
    {"another_program_is_talked_to", another_program_is_talked_to},
    {"a_shared_queue_goes_both_ways", a_shared_queue_goes_both_ways},
    {"a_directed_queue_gives_each_its_own", a_directed_queue_gives_each_its_own},
    {"a_full_queue_that_does_not_wait_says_so", a_full_queue_that_does_not_wait_says_so},
};
RUN(tests)
