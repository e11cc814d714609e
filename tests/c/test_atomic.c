// Numbers that processes and threads count together.
#include "children.h"

static swoole_atomic *number;
static swoole_atomic_long *wide;

static void make(uint32_t value) { CHECK_OK(swoole_atomic_new(value, &number)); }
static void drop(void) {
    swoole_atomic_free(number);
    number = NULL;
}

static void it_counts_and_wraps_around(void) {
    make(5);
    CHECK(swoole_atomic_get(number) == 5);
    CHECK(swoole_atomic_add(number, 3) == 8);
    CHECK(swoole_atomic_sub(number, 9) == UINT32_MAX);
    CHECK(swoole_atomic_add(number, 1) == 0);
    CHECK_OK(swoole_atomic_set(number, 7));
    CHECK(!swoole_atomic_cmpset(number, 8, 1) && swoole_atomic_get(number) == 7);
    CHECK(swoole_atomic_cmpset(number, 7, 1) && swoole_atomic_get(number) == 1);
    drop();
}

static void the_long_one_has_64_bits_and_a_sign(void) {
    CHECK_OK(swoole_atomic_long_new(-5, &wide));
    CHECK(swoole_atomic_long_add(wide, INT64_C(1) << 40) == (INT64_C(1) << 40) - 5);
    CHECK(swoole_atomic_long_sub(wide, INT64_C(1) << 40) == -5);
    CHECK_OK(swoole_atomic_long_set(wide, INT64_MAX));
    CHECK(swoole_atomic_long_add(wide, 1) == INT64_MIN);
    CHECK(!swoole_atomic_long_cmpset(wide, 0, 1) && swoole_atomic_long_cmpset(wide, INT64_MIN, -1));
    CHECK(swoole_atomic_long_get(wide) == -1);
    swoole_atomic_long_free(wide);
}

#define EACH turns(100000)
static int32_t count(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    for (int i = 0; i < EACH && shared->failed == 0; i++) {
        swoole_atomic_add(number, 1);
        swoole_atomic_long_sub(wide, 1);
    }
    return 0;
}

static void sums_by_many_processes_are_exact(void) {
    make(0);
    CHECK_OK(swoole_atomic_long_new(0, &wide));
    run_children(8, count);
    CHECK(swoole_atomic_get(number) == 8u * (uint32_t)EACH);
    CHECK(swoole_atomic_long_get(wide) == -8 * (int64_t)EACH);
    swoole_atomic_long_free(wide);
    drop();
}

static void *count_in_a_thread(void *unused) {
    (void)unused;
    for (int i = 0; i < EACH; i++) swoole_atomic_add(number, 1);
    return NULL;
}

static void sums_by_threads_are_exact(void) {
    pthread_t threads[4];
    make(0);
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, count_in_a_thread, NULL);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    CHECK(swoole_atomic_get(number) == 4u * (uint32_t)EACH);
    drop();
}

// ---- waiting
static int32_t wait_once(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    CHECK_OK(swoole_atomic_wait(number, -1));
    swoole_atomic_long_add(wide, 1);
    return 0;
}

static void each_wakeup_is_taken_by_one(void) {
    make(0);
    CHECK_OK(swoole_atomic_long_new(0, &wide));
    for (int i = 0; i < 3; i++) begin_child(wait_once, NULL);
    for (int64_t i = 1; i <= 3; i++) {
        swoole_atomic_wakeup(number, 1);
        await_code(0, 0);
        CHECK(swoole_atomic_long_get(wide) == i);
    }
    CHECK(swoole_atomic_get(number) == 0);
    swoole_atomic_long_free(wide);
    drop();
}

static void a_wakeup_that_comes_first_is_not_lost(void) {
    make(0);
    CHECK(swoole_atomic_wakeup(number, 1) == 0);
    CHECK_OK(swoole_atomic_wait(number, 0));
    FAILED(swoole_atomic_wait(number, 0), ETIMEDOUT);
    drop();
}

static void waiting_has_an_end(void) {
    make(0);
    double begin = seconds();
    FAILED(swoole_atomic_wait(number, 0.05), ETIMEDOUT);
    CHECK(seconds() - begin >= 0.05);
    drop();
}

static void do_nothing(int signo) { (void)signo; }
static int32_t interrupt_parent(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    // Again and again, since the first may come before the parent waits.
    while (swoole_atomic_get(number) == 0) {
        kill(getppid(), SIGUSR1);
        usleep(1000); // time: the other is to run between two signals
    }
    return 0;
}

static void a_signal_interrupts_waiting(void) {
    make(0);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = do_nothing;
    sigaction(SIGUSR1, &action, NULL);
    int32_t pid = begin_child(interrupt_parent, NULL);
    FAILED(swoole_atomic_wait(number, -1), EINTR);
    CHECK_OK(swoole_atomic_set(number, 2));
    swoole_process_ended ended = {0, 0, 0};
    while (swoole_process_wait(true, &ended) != SWOOLE_OK) CHECK(swoole_last_error() == EINTR);
    CHECK(ended.pid == pid && ended.code == 0);
    signal(SIGUSR1, SIG_DFL);
    drop();
}

static void many_of_them_are_different_numbers(void) {
    enum { MANY = 2000 };
    static swoole_atomic *all[MANY];
    for (int i = 0; i < MANY; i++) CHECK_OK(swoole_atomic_new((uint32_t)i, &all[i]));
    for (int i = 0; i < MANY; i++) CHECK(swoole_atomic_add(all[i], 1) == (uint32_t)i + 1);
    for (int i = 0; i < MANY; i++) swoole_atomic_free(all[i]);
}

// ---- wrong calls
static void null_is_refused(void) {
    REFUSED(swoole_atomic_new(0, NULL));
    REFUSED(swoole_atomic_long_new(0, NULL));
    CHECK(swoole_atomic_add(NULL, 1) == 0 && swoole_atomic_sub(NULL, 1) == 0 && swoole_atomic_get(NULL) == 0);
    REFUSED(swoole_atomic_set(NULL, 1));
    REFUSED(swoole_atomic_wait(NULL, 0));
    CHECK(!swoole_atomic_cmpset(NULL, 0, 1) && swoole_atomic_wakeup(NULL, 1) == 0);
    CHECK_MESSAGE("swoole_atomic_new");
    CHECK(swoole_atomic_long_add(NULL, 1) == 0 && swoole_atomic_long_sub(NULL, 1) == 0);
    CHECK(swoole_atomic_long_get(NULL) == 0 && !swoole_atomic_long_cmpset(NULL, 0, 1));
    REFUSED(swoole_atomic_long_set(NULL, 1));
    CHECK_MESSAGE("swoole_atomic_long_new");
    swoole_atomic_free(NULL);
    swoole_atomic_long_free(NULL);
}

static const struct test tests[] = {
    {"it_counts_and_wraps_around", it_counts_and_wraps_around},
    {"the_long_one_has_64_bits_and_a_sign", the_long_one_has_64_bits_and_a_sign},
    {"sums_by_many_processes_are_exact", sums_by_many_processes_are_exact},
    {"sums_by_threads_are_exact", sums_by_threads_are_exact},
    {"each_wakeup_is_taken_by_one", each_wakeup_is_taken_by_one},
    {"a_wakeup_that_comes_first_is_not_lost", a_wakeup_that_comes_first_is_not_lost},
    {"waiting_has_an_end", waiting_has_an_end},
    {"a_signal_interrupts_waiting", a_signal_interrupts_waiting},
    {"many_of_them_are_different_numbers", many_of_them_are_different_numbers},
    {"null_is_refused", null_is_refused},
};
RUN(tests)
