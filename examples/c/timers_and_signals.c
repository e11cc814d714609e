// A program that does something again and again until it is told to stop: timers and signals in one loop.
//
// A signal's function is called from the loop, between two other callbacks, so it may do anything, unlike a function
// that was given to signal(2).
//
// Build:  cc timers_and_signals.c $(pkg-config --cflags --libs swoole_rs) -o timers_and_signals
// Run:    ./timers_and_signals [MILLISECONDS]
// Ask:    kill -USR1 PID
// Stop:   Ctrl-C, or kill PID
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <swoole_rs.h>
#include <unistd.h>

struct work {
    int64_t timer_id;
    int done;
};

static void work(void *userdata, int64_t timer_id) {
    struct work *work = (struct work *)userdata;
    (void)timer_id;
    work->done++;
}

// SIGUSR1: what has been done so far?
static void tell(void *userdata, int32_t signo) {
    struct work *work = (struct work *)userdata;
    swoole_timer timer;
    (void)signo;
    if (swoole_timer_info(work->timer_id, &timer) != SWOOLE_OK) return;
    printf("done %d times, next in %" PRId64 " ms\n", work->done, timer.left);
    fflush(stdout);
}

// SIGINT, SIGTERM: an orderly end. With the timer and the handlers gone nothing is left, and swoole_event_wait returns.
static void stop(void *userdata, int32_t signo) {
    struct work *work = (struct work *)userdata;
    printf("signal %d after %d times\n", (int)signo, work->done);
    swoole_timer_clear(work->timer_id);
    swoole_signal(SIGUSR1, NULL, NULL);
    swoole_signal(SIGINT, NULL, NULL);
    swoole_signal(SIGTERM, NULL, NULL);
}

int main(int argc, char **argv) {
    struct work state = {0, 0};
    if (swoole_timer_tick(argc > 1 ? atoi(argv[1]) : 1000, work, &state, &state.timer_id) ||
        swoole_signal(SIGUSR1, tell, &state) ||
        swoole_signal(SIGINT, stop, &state) ||
        swoole_signal(SIGTERM, stop, &state)) {
        fprintf(stderr, "timers_and_signals: %s\n", swoole_last_error_message());
        return 1;
    }
    printf("process %d\n", (int)getpid());
    fflush(stdout);
    if (swoole_event_wait() != SWOOLE_OK) {
        fprintf(stderr, "timers_and_signals: %s\n", swoole_last_error_message());
        return 1;
    }
    printf("bye\n");
    return 0;
}
