// What the tests of processes and shared memory need: to start several, and to wait for all of them.
#ifndef SWOOLE_TEST_CHILDREN_H
#define SWOOLE_TEST_CHILDREN_H

#include "loop.h"

#include <pthread.h>

#define REFUSED(call) CHECK((call) == SWOOLE_ERROR_INVALID_PARAMS)
// A system call failed with this errno.
#define FAILED(call, number) CHECK((call) == SWOOLE_ERROR_SYSTEM_CALL_FAIL && swoole_last_error() == (number))

// As many turns of a loop as a test needs; fewer where each is slow.
static MAYBE_UNUSED int turns(int plain) { return getenv("SWOOLE_TEST_SLOW") ? plain / 20 : plain; }

// The children of a test are numbered: `userdata` of child n is &child_numbers[n].
static int child_numbers[] = {0, 1, 2, 3, 4, 5, 6, 7};
static MAYBE_UNUSED int child_number(const void *userdata) { return *(const int *)userdata; }

// Starts a process without a pipe; its number.
static MAYBE_UNUSED int32_t begin_child(swoole_process_main_fn main_function, void *userdata) {
    swoole_process *process = NULL;
    int32_t pid = 0;
    CHECK_OK(swoole_process_new(main_function, userdata, false, SWOOLE_PIPE_NONE, &process));
    CHECK_OK(swoole_process_start(process, &pid));
    swoole_process_free(process);
    return pid;
}

// Waits for the end of a child of this process, which must be `pid`, or any if that is 0.
static MAYBE_UNUSED swoole_process_ended await_end(int32_t pid) {
    swoole_process_ended ended = {0, -1, -1};
    CHECK_OK(swoole_process_wait(true, &ended));
    if (pid != 0) CHECK(ended.pid == pid);
    return ended;
}

// The same, and it must have ended with this exit code.
static MAYBE_UNUSED void await_code(int32_t pid, int code) {
    swoole_process_ended ended = await_end(pid);
    CHECK(ended.signal == 0);
    CHECK(ended.code == code);
}

// Runs `main_function` in so many processes at once, and waits until all have ended with code 0.
static MAYBE_UNUSED void run_children(int count, swoole_process_main_fn main_function) {
    for (int i = 0; i < count; i++) begin_child(main_function, &child_numbers[i]);
    for (int i = 0; i < count; i++) await_code(0, 0);
}

// Kills a child and waits for its end.
static MAYBE_UNUSED void kill_child(int32_t pid) {
    CHECK_OK(swoole_process_kill(pid, SIGKILL));
    CHECK(await_end(pid).signal == SIGKILL);
}

// A number in `shared`, written and read by several processes.
static MAYBE_UNUSED void publish(int index, int64_t value) {
    __atomic_store_n(&shared->number[index], value, __ATOMIC_SEQ_CST);
}
static MAYBE_UNUSED int64_t published(int index) { return __atomic_load_n(&shared->number[index], __ATOMIC_SEQ_CST); }
// Waits until another process has published it.
static MAYBE_UNUSED bool await_published(int index, int64_t value) {
    double end = seconds() + PATIENCE_MS / 1e3;
    while (published(index) != value) {
        if (seconds() > end) {
            CHECK(!"what was to be published never came");
            return false;
        }
        sched_yield();
    }
    return true;
}

// A child that stays until it is killed.
static MAYBE_UNUSED int32_t stay_for_ever(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    for (;;) pause();
    return 0;
}

#endif
