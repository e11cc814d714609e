// dispatch_func: a C function chooses the worker for each message. BASE mode does without it: there a
// connection belongs to the worker that accepted it.
#include "support.h"

static void tell_worker(void *userdata, swoole_server *server, int64_t session, int32_t reactor, const uint8_t *data,
                        size_t len) {
    char line[64];
    (void)userdata, (void)reactor, (void)data, (void)len;
    snprintf(line, sizeof line, "%d\n", swoole_server_worker_id(server));
    answer(server, session, line);
}

// The first byte is the number of the worker; others ask for what is not a worker.
static int64_t by_first_byte(void *userdata, swoole_server *server, int64_t session, int32_t kind, const uint8_t *data,
                             size_t len) {
    CHECK(userdata == shared);
    CHECK(swoole_server_role(server) == SWOOLE_ROLE_MASTER && session > 0);
    if (kind != SWOOLE_DISPATCH_DATA || len == 0) return SWOOLE_DISPATCH_FALLBACK;
    if (data[0] == 'd') return SWOOLE_DISPATCH_DISCARD;
    if (data[0] == 'c') return SWOOLE_DISPATCH_CLOSE;
    if (data[0] == 'f') return SWOOLE_DISPATCH_FALLBACK;
    return data[0] - '0';
}

static void configure(swoole_server *server) {
    CHECK_OK(swoole_server_set_dispatch_func(server, by_first_byte, shared));
    CHECK_OK(swoole_server_on_receive(server, tell_worker, NULL));
}

static void the_function_chooses_the_worker(void) {
    serve(3, configure);
    int fd = dial();
    if (mode == SWOOLE_PROCESS) {
        CHECK_TEXT(talk(fd, "2"), "2");
        CHECK_TEXT(talk(fd, "0"), "0");
        CHECK_TEXT(talk(fd, "1"), "1");
    } else {
        int own = atoi(talk(fd, "2"));
        CHECK(atoi(talk(fd, "0")) == own && atoi(talk(fd, "1")) == own);
    }
    close(fd);
    finish();
}

static void the_function_falls_back_drops_and_closes(void) {
    if (mode == SWOOLE_BASE) return;
    serve(3, configure);
    int fd = dial();
    int sticky = atoi(talk(fd, "f"));
    CHECK(atoi(talk(fd, "f")) == sticky);
    say(fd, "d", 1);
    // Another connection is served in between, so that "d" and "c" are two reads, hence two messages.
    int other = dial();
    CHECK_TEXT(talk(other, "1"), "1");
    say(fd, "c", 1);
    CHECK(is_closed(fd));
    close(other);
    close(fd);
    finish();
}

static const struct test tests[] = {
    {"the_function_chooses_the_worker", the_function_chooses_the_worker},
    {"the_function_falls_back_drops_and_closes", the_function_falls_back_drops_and_closes},
};
RUN(tests)
