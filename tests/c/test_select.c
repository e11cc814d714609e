// Waiting once for several descriptors.
#include "loop.h"

#include <sys/resource.h>

#define READ SWOOLE_EVENT_READ
#define WRITE SWOOLE_EVENT_WRITE
#define EXCEPT SWOOLE_EVENT_EXCEPT

static void what_is_ready_is_told(void) {
    int pair[2], quiet[2];
    size_t ready = 9;
    make_pair(pair);
    make_pair(quiet);
    say(pair[1], "x", 1);
    swoole_selected list[] = {
        {pair[0], READ, 0}, {quiet[0], READ, 7}, {quiet[1], READ | WRITE, 0}, {pair[0], READ | WRITE | EXCEPT, 0},
    };
    CHECK_OK(swoole_select(list, 4, 10, &ready));
    CHECK(ready == 3);
    CHECK(list[0].ready == READ && list[1].ready == 0 && list[2].ready == WRITE && list[3].ready == (READ | WRITE));
    // What is asked for stays, so that the list can be used again.
    CHECK(list[2].events == (READ | WRITE));
    close_pair(pair);
    close_pair(quiet);
}

static void the_time_is_waited_for_and_not_exceeded(void) {
    int pair[2];
    size_t ready = 9;
    make_pair(pair);
    swoole_selected one = {pair[0], READ, 5};
    double begin = seconds();
    CHECK_OK(swoole_select(&one, 1, 0.05, &ready));
    CHECK(seconds() - begin >= 0.0499);
    CHECK(ready == 0 && one.ready == 0);
    begin = seconds();
    CHECK_OK(swoole_select(&one, 1, 0, &ready));
    CHECK_OK(swoole_select(NULL, 0, 0.01, NULL));
    CHECK(seconds() - begin < 5);
    close_pair(pair);
}

// A peer that has ended, and one that is gone.
static void the_end_is_readable(void) {
    int pair[2];
    make_pair(pair);
    swoole_selected one = {pair[0], READ | EXCEPT, 0};
    CHECK(shutdown(pair[1], SHUT_WR) == 0);
    CHECK_OK(swoole_select(&one, 1, -1, NULL));
    CHECK(one.ready == READ);
    close(pair[1]);
    one.events = READ | WRITE;
    CHECK_OK(swoole_select(&one, 1, -1, NULL));
    CHECK(one.ready == (READ | WRITE));
    close(pair[0]);
}

static void out_of_band_data_is_exceptional(void) {
    int port;
    int listener = listen_on_a_free_port(&port);
    int client = dial_port(port);
    int peer = accept(listener, NULL, NULL);
    CHECK(send(client, "!", 1, MSG_OOB) == 1);
    swoole_selected one = {peer, EXCEPT, 0};
    CHECK_OK(swoole_select(&one, 1, 10, NULL));
    CHECK(one.ready == EXCEPT);
    close(client);
    close(peer);
    close(listener);
}

static void a_file_is_always_ready(void) {
    int file = open("/proc/self/exe", O_RDONLY);
    swoole_selected one = {file, READ, 0};
    CHECK_OK(swoole_select(&one, 1, 10, NULL));
    CHECK(one.ready == READ);
    close(file);
}

// select(2) ends at 1024.
static void there_may_be_thousands(void) {
    enum { MANY = 3000 };
    static swoole_selected list[MANY];
    struct rlimit limit;
    int pair[2];
    size_t ready = 0;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = limit.rlim_max < MANY + 100 ? limit.rlim_max : MANY + 100;
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    make_pair(pair);
    for (int i = 0; i < MANY - 1; i++) {
        list[i].fd = dup(pair[0]);
        list[i].events = READ;
        CHECK(list[i].fd >= 0);
    }
    list[MANY - 1].fd = dup(pair[1]);
    list[MANY - 1].events = READ | WRITE;
    CHECK(list[MANY - 1].fd > 1024);
    CHECK_OK(swoole_select(list, MANY, 10, &ready));
    CHECK(ready == 1 && list[0].ready == 0 && list[MANY - 1].ready == WRITE);
    say(pair[1], "x", 1);
    CHECK_OK(swoole_select(list, MANY, 10, &ready));
    CHECK(ready == MANY && list[0].ready == READ && list[MANY - 2].ready == READ);
    for (int i = 0; i < MANY; i++) close(list[i].fd);
    close_pair(pair);
}

static void ignore_signal(int number) { (void)number; }

static void a_signal_does_not_end_the_wait(void) {
    int pair[2];
    size_t ready = 9;
    struct sigaction action, old;
    struct itimerval soon = {{0, 0}, {0, 10000}};
    memset(&action, 0, sizeof action);
    action.sa_handler = ignore_signal;
    make_pair(pair);
    CHECK(sigaction(SIGALRM, &action, &old) == 0);
    swoole_selected one = {pair[0], READ, 0};
    double begin = seconds();
    CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0);
    CHECK_OK(swoole_select(&one, 1, 0.1, &ready));
    CHECK(ready == 0 && seconds() - begin >= 0.0999);
    CHECK(sigaction(SIGALRM, &old, NULL) == 0);
    close_pair(pair);
}

static void what_cannot_be_waited_for_is_refused(void) {
    int pair[2];
    size_t ready = 9;
    make_pair(pair);
    swoole_selected list[] = {{pair[0], WRITE, 3}, {9999, READ, 3}};
    CHECK(swoole_select(list, 2, 1, &ready) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_MESSAGE("9999");
    CHECK(ready == 9 && list[0].ready == 3 && list[1].ready == 3);
    list[1].fd = -1;
    CHECK(swoole_select(list, 2, 1, &ready) == SWOOLE_ERROR_INVALID_PARAMS);
    list[1] = list[0];
    list[1].events = 0;
    CHECK(swoole_select(list, 2, 1, &ready) == SWOOLE_ERROR_INVALID_PARAMS);
    list[1].events = 1;
    CHECK(swoole_select(list, 2, 1, &ready) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_MESSAGE("SWOOLE_EVENT_READ");
    CHECK(swoole_select(NULL, 1, 1, &ready) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_select(NULL, 0, -1, &ready) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_select(list, 1, strtod("nan", NULL), &ready) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(ready == 9);
    close_pair(pair);
}

static const struct test tests[] = {
    {"what_is_ready_is_told", what_is_ready_is_told},
    {"the_time_is_waited_for_and_not_exceeded", the_time_is_waited_for_and_not_exceeded},
    {"the_end_is_readable", the_end_is_readable},
    {"out_of_band_data_is_exceptional", out_of_band_data_is_exceptional},
    {"a_file_is_always_ready", a_file_is_always_ready},
    {"there_may_be_thousands", there_may_be_thousands},
    {"a_signal_does_not_end_the_wait", a_signal_does_not_end_the_wait},
    {"what_cannot_be_waited_for_is_refused", what_cannot_be_waited_for_is_refused},
};
RUN(tests)
