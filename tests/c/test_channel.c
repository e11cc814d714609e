// A queue of messages in shared memory.
#include "children.h"

static swoole_channel *channel;

static void make(size_t size) { CHECK_OK(swoole_channel_new(size, &channel)); }
static void drop(void) { swoole_channel_free(channel); }
static swoole_result push(const char *text) { return swoole_channel_push(channel, text, strlen(text)); }

// The next message is this one; NULL: there is none.
static void pops(const char *text) {
    swoole_bytes message = {NULL, 99};
    CHECK_OK(swoole_channel_pop(channel, &message));
    if (text) CHECK(message.data != NULL && is_text(message.data, message.len, text));
    else CHECK(message.data == NULL);
    swoole_bytes_free(&message);
}

static void messages_come_in_their_order(void) {
    swoole_channel_figures figures;
    make(4096);
    CHECK(swoole_channel_capacity(channel) >= 4096);
    pops(NULL);
    CHECK_OK(push("one"));
    CHECK_OK(push(""));
    CHECK_OK(push("three"));
    CHECK_OK(swoole_channel_stats(channel, &figures));
    CHECK(figures.messages == 3 && figures.bytes == 8);
    pops("one");
    pops("");
    pops("three");
    pops(NULL);
    CHECK_OK(swoole_channel_stats(channel, &figures));
    CHECK(figures.messages == 0 && figures.bytes == 0);
    drop();
}

static void a_full_one_says_so_and_goes_on(void) {
    static char text[5000];
    swoole_result result = SWOOLE_OK;
    size_t pushed = 0;
    make(4096);
    memset(text, 'x', sizeof text);
    while ((result = swoole_channel_push(channel, text, 100)) == SWOOLE_OK && pushed < 10000) pushed++;
    CHECK(result == SWOOLE_ERROR_QUEUE_FULL);
    CHECK_MESSAGE("no room");
    CHECK(pushed * 100 >= 3500 && pushed < 10000);
    for (size_t i = 0; i < pushed; i++) {
        swoole_bytes message = {NULL, 0};
        CHECK_OK(swoole_channel_pop(channel, &message));
        CHECK(message.len == 100);
        swoole_bytes_free(&message);
        CHECK_OK(push("after"));
    }
    drop();
}

static void a_message_that_never_fits_is_refused(void) {
    size_t size = (size_t)1 << 20;
    char *text = (char *)calloc(1, size);
    make(4096);
    CHECK(swoole_channel_push(channel, text, size) == SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE);
    CHECK_MESSAGE("1048576");
    free(text);
    drop();
}

// ---- several processes
#define EACH turns(20000)
static int32_t push_numbers(void *userdata, swoole_process *process) {
    (void)process;
    for (int i = 1; i <= EACH && shared->failed == 0;) {
        int64_t message[2] = {child_number(userdata), i};
        swoole_result result = swoole_channel_push(channel, message, sizeof message);
        CHECK(result == SWOOLE_OK || result == SWOOLE_ERROR_QUEUE_FULL);
        if (result == SWOOLE_OK) i++;
        else sched_yield();
    }
    return 0;
}

static int32_t pop_numbers(void *userdata, swoole_process *process) {
    int64_t last[4] = {0, 0, 0, 0}, sum = 0, count = 0;
    (void)userdata, (void)process;
    while (__atomic_load_n(&shared->number[1], __ATOMIC_SEQ_CST) < 4 * (int64_t)EACH && shared->failed == 0) {
        swoole_bytes message = {NULL, 0};
        int64_t numbers[2];
        CHECK_OK(swoole_channel_pop(channel, &message));
        if (!message.data) {
            sched_yield();
            continue;
        }
        CHECK(message.len == sizeof numbers);
        memcpy(numbers, message.data, sizeof numbers);
        swoole_bytes_free(&message);
        CHECK(numbers[1] > last[numbers[0]]); // of one sender, in its order
        last[numbers[0]] = numbers[1];
        sum += numbers[1];
        count++;
        __atomic_add_fetch(&shared->number[1], 1, __ATOMIC_SEQ_CST);
    }
    __atomic_add_fetch(&shared->number[0], sum, __ATOMIC_SEQ_CST);
    return count == 0;
}

static void each_message_is_popped_once(void) {
    make(4096);
    for (int i = 0; i < 4; i++) begin_child(push_numbers, &child_numbers[i]);
    for (int i = 0; i < 3; i++) begin_child(pop_numbers, NULL);
    for (int i = 0; i < 7; i++) {
        swoole_process_ended ended = await_end(0);
        CHECK(ended.signal == 0);
    }
    CHECK(published(0) == 4 * ((int64_t)EACH * (EACH + 1) / 2));
    pops(NULL);
    drop();
}

static int32_t push_and_pop_for_ever(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    for (int64_t i = 0;; i++) {
        swoole_bytes message = {NULL, 0};
        push("a message of some length");
        swoole_channel_pop(channel, &message);
        if (message.data) CHECK(is_text(message.data, message.len, "a message of some length"));
        swoole_bytes_free(&message);
        publish(8, i);
    }
    return 0;
}

static void a_killed_process_leaves_whole_messages_and_blocks_nobody(void) {
    make(4096);
    for (int round = 0; round < turns(100) + 2 && shared->failed == 0; round++) {
        swoole_bytes message = {NULL, 0};
        publish(8, 0);
        int32_t pid = begin_child(push_and_pop_for_ever, NULL);
        while (published(8) < 10 + round) sched_yield();
        kill_child(pid);
        CHECK_OK(push("a message of some length"));
        do {
            swoole_bytes_free(&message);
            CHECK_OK(swoole_channel_pop(channel, &message));
            if (message.data) CHECK(is_text(message.data, message.len, "a message of some length"));
        } while (message.data);
    }
    drop();
}

static void wrong_calls_are_refused(void) {
    swoole_bytes message;
    swoole_channel_figures figures;
    channel = NULL;
    REFUSED(swoole_channel_new(0, &channel));
    REFUSED(swoole_channel_new(SIZE_MAX, &channel));
    REFUSED(swoole_channel_new(100, NULL));
    CHECK(channel == NULL);
    REFUSED(swoole_channel_push(NULL, "x", 1));
    CHECK_MESSAGE("swoole_channel_new");
    REFUSED(swoole_channel_pop(NULL, &message));
    REFUSED(swoole_channel_stats(NULL, &figures));
    CHECK(swoole_channel_capacity(NULL) == 0);
    swoole_channel_free(NULL);
    make(100);
    REFUSED(swoole_channel_push(channel, NULL, 1));
    REFUSED(swoole_channel_pop(channel, NULL));
    REFUSED(swoole_channel_stats(channel, NULL));
    drop();
}

static const struct test tests[] = {
    {"messages_come_in_their_order", messages_come_in_their_order},
    {"a_full_one_says_so_and_goes_on", a_full_one_says_so_and_goes_on},
    {"a_message_that_never_fits_is_refused", a_message_that_never_fits_is_refused},
    {"each_message_is_popped_once", each_message_is_popped_once},
    {"a_killed_process_leaves_whole_messages_and_blocks_nobody", a_killed_process_leaves_whole_messages_and_blocks_nobody},
    {"wrong_calls_are_refused", wrong_calls_are_refused},
};
RUN(tests)
