// What the tests of the event loop, of clients and of asynchronous files need: a process for each test, whose loop is
// its own, and the order in which things happened.
#ifndef SWOOLE_TEST_LOOP_H
#define SWOOLE_TEST_LOOP_H

#include "support.h"

#include <fcntl.h>

// ---- what happened in this process, a word for each
static char seen[1024];
static MAYBE_UNUSED void see(const char *what) {
    if (strlen(seen) + strlen(what) + 2 > sizeof seen) return;
    if (seen[0]) strcat(seen, " ");
    strcat(seen, what);
}

// Runs `body` in a process of its own, which must end with code 0 before patience is over.
static MAYBE_UNUSED void in_a_process(void (*body)(void)) {
    int status = -1;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        alarm((unsigned)PATIENCE_MS / 1000);
        seen[0] = 0;
        body();
        CHECK(swoole_event_is_empty());
        exit(0);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "the test's process ended with status %#x\n", (unsigned)status);
        CHECK(!"the test's process failed");
    }
}

// A test that is one process with a loop.
#define LOOP_TEST(name)              \
    static void name##_body(void);   \
    static void name(void) { in_a_process(name##_body); } \
    static void name##_body(void)

// Two ends of a connection.
static MAYBE_UNUSED void make_pair(int pair[2]) { CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0); }

static MAYBE_UNUSED void close_pair(int pair[2]) {
    close(pair[0]);
    close(pair[1]);
}

// A callback that must not come.
static MAYBE_UNUSED void no_timer(void *userdata, int64_t timer_id) {
    (void)userdata, (void)timer_id;
    CHECK(!"this timer must not be called");
}
static MAYBE_UNUSED void no_event(void *userdata, int32_t fd) {
    (void)userdata, (void)fd;
    CHECK(!"this descriptor must not be called");
}
static MAYBE_UNUSED void see_timer(void *userdata, int64_t timer_id) {
    (void)timer_id;
    see((const char *)userdata);
}
static MAYBE_UNUSED void see_call(void *userdata) { see((const char *)userdata); }

// A listening socket on a free port, which goes to `*port`.
static MAYBE_UNUSED int listen_on_a_free_port(int *port) {
    struct sockaddr_in address = local_address(0);
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    set_patience(fd);
    CHECK(bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(listen(fd, 1024) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    *port = ntohs(address.sin_port);
    return fd;
}

// A port on which nobody listens: its socket is bound, so that nobody else gets it, and must be closed by the caller.
static MAYBE_UNUSED int take_a_dead_port(int *port) {
    struct sockaddr_in address = local_address(0);
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    *port = ntohs(address.sin_port);
    return fd;
}

// ---- a peer: a process that accepts connections and does `serve` with each, until it is ended
static pid_t peer_pid;
static int peer_port;

static MAYBE_UNUSED void begin_peer(void (*serve)(int fd)) {
    int listener = listen_on_a_free_port(&peer_port);
    fflush(NULL);
    peer_pid = fork();
    if (peer_pid == 0) {
        alarm((unsigned)PATIENCE_MS / 1000);
        for (;;) {
            int fd = accept(listener, NULL, NULL);
            if (fd < 0) _exit(0);
            set_patience(fd);
            serve(fd);
            close(fd);
        }
    }
    close(listener);
}

static MAYBE_UNUSED void end_peer(void) {
    kill(peer_pid, SIGKILL);
    CHECK(waitpid(peer_pid, NULL, 0) == peer_pid);
}

#endif
