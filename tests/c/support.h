// What every test program here needs: checks, a server in a process of its own, a client.
//
// A test forks its server; callbacks tell the test what happened by notes, single characters in a
// pipe, so nothing here sleeps. Compiles as C11 and as C++17. One file per program includes it.
#ifndef SWOOLE_TEST_SUPPORT_H
#define SWOOLE_TEST_SUPPORT_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <swoole_rs.h>

#define MAYBE_UNUSED __attribute__((unused))
// Long enough for a busy machine, also under valgrind; reached only when something is broken.
#define PATIENCE_MS (getenv("SWOOLE_TEST_SLOW") ? 60000 : 20000)

// ---- state that all processes of a test share
struct shared_state {
    int failed;
    int port;
    int pid[8];
    int64_t number[16];
};
static struct shared_state *shared;
static int mode = SWOOLE_PROCESS;

// ---- checks; usable in every process
static void check_failed(const char *file, int line, const char *what) {
    __atomic_add_fetch(&shared->failed, 1, __ATOMIC_SEQ_CST);
    fprintf(stderr, "%s:%d: %s (last error %d: %s)\n", file, line, what, swoole_last_error(), swoole_last_error_message());
}
#define CHECK(condition) ((condition) ? (void)0 : check_failed(__FILE__, __LINE__, #condition))
#define CHECK_OK(call) CHECK((call) == SWOOLE_OK)
#define CHECK_TEXT(found, wanted) check_text(__FILE__, __LINE__, found, wanted)
static MAYBE_UNUSED void check_text(const char *file, int line, const char *found, const char *wanted) {
    char what[1024];
    if (strcmp(found, wanted) == 0) return;
    snprintf(what, sizeof what, "\"%.400s\" wanted, \"%.400s\" found", wanted, found);
    check_failed(file, line, what);
}
// The message of the last error has a certain word in it.
#define CHECK_MESSAGE(word) CHECK(strstr(swoole_last_error_message(), word) != NULL)

// ---- notes from callbacks to the test
static int note_pipe[2] = {-1, -1};
static char notes[256];

static MAYBE_UNUSED void note(char c) {
    if (write(note_pipe[1], &c, 1) != 1) perror("note");
}

// Waits for the next note `c`; `notes` keeps all that came since the server was started.
static MAYBE_UNUSED bool await_note(char c) {
    size_t seen = strlen(notes);
    for (;;) {
        struct pollfd ready = {note_pipe[0], POLLIN, 0};
        char next;
        if (poll(&ready, 1, PATIENCE_MS) != 1 || read(note_pipe[0], &next, 1) != 1) break;
        if (seen + 1 < sizeof notes) notes[seen++] = next;
        if (next == c) return true;
    }
    fprintf(stderr, "no note '%c' came; there were \"%s\"\n", c, notes);
    CHECK(!"a note is missing");
    return false;
}

static MAYBE_UNUSED int count_notes(char c) {
    int n = 0;
    for (const char *at = notes; *at; at++) n += *at == c;
    return n;
}

// ---- a server in a process of its own
static pid_t server_pid;

static MAYBE_UNUSED void note_worker_start(void *userdata, swoole_server *server, int32_t worker_id) {
    (void)userdata, (void)server, (void)worker_id;
    note('w');
}

// Forks a server with a TCP port and `workers` workers, and waits until all of them, and `others` that
// `configure` asks for (task workers; user processes, whose function does so), have noted 'w'. `configure` runs before
// start and may do without the TCP port, replace callbacks, and so on.
static MAYBE_UNUSED void serve_with(int workers, int others, void (*configure)(swoole_server *server)) {
    notes[0] = 0;
    memset(notes, 0, sizeof notes);
    if (pipe(note_pipe) != 0) perror("pipe");
    fflush(NULL);
    server_pid = fork();
    if (server_pid == 0) {
        swoole_server *server = NULL;
        swoole_port_info port;
        close(note_pipe[0]);
        CHECK_OK(swoole_server_new(mode, &server));
        CHECK_OK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_TCP, NULL));
        CHECK_OK(swoole_server_set_int(server, "worker_num", workers));
        CHECK_OK(swoole_server_set_int(server, "log_level", SWOOLE_LOG_ERROR));
        CHECK_OK(swoole_server_on_worker_start(server, note_worker_start, NULL));
        configure(server);
        CHECK_OK(swoole_server_port_info(server, 0, &port));
        shared->port = port.port;
        CHECK_OK(swoole_server_start(server));
        CHECK(swoole_server_role(server) != SWOOLE_ROLE_WORKER || mode == SWOOLE_BASE);
        int code = swoole_server_exit_code(server);
        swoole_server_free(server);
        exit(code);
    }
    close(note_pipe[1]);
    for (int i = 0; i < workers + others; i++) await_note('w');
}

static MAYBE_UNUSED void serve(int workers, void (*configure)(swoole_server *server)) { serve_with(workers, 0, configure); }

// Waits for the server to end; it must do so with exit code 0.
static MAYBE_UNUSED void await_server_end(void) {
    int status = -1;
    CHECK(waitpid(server_pid, &status, 0) == server_pid);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    // What it noted at its end; then the pipe is at its end, since no process of it is left.
    size_t seen = strlen(notes);
    while (seen + 1 < sizeof notes && read(note_pipe[0], notes + seen, 1) == 1) seen++;
    close(note_pipe[0]);
}

// Ends the server by SIGTERM.
static MAYBE_UNUSED void finish(void) {
    kill(server_pid, SIGTERM);
    await_server_end();
}

// ---- a client
static void set_patience(int fd) {
    struct timeval patience = {PATIENCE_MS / 1000, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

static MAYBE_UNUSED struct sockaddr_in local_address(int port) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static MAYBE_UNUSED int dial_port(int port) {
    struct sockaddr_in address = local_address(port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    set_patience(fd);
    CHECK(connect(fd, (struct sockaddr *)&address, sizeof address) == 0);
    return fd;
}

static MAYBE_UNUSED int dial(void) { return dial_port(shared->port); }

// The address of a Unix socket.
static MAYBE_UNUSED struct sockaddr_un unix_address(const char *path) {
    struct sockaddr_un address;
    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    return address;
}

static MAYBE_UNUSED void say(int fd, const void *data, size_t len) {
    CHECK(send(fd, data, len, MSG_NOSIGNAL) == (ssize_t)len);
}

// Reads exactly `len` bytes; false if the connection ends before.
static MAYBE_UNUSED bool hear(int fd, void *data, size_t len) {
    char *to = (char *)data;
    while (len > 0) {
        ssize_t got = recv(fd, to, len, 0);
        if (got <= 0) return false;
        to += got;
        len -= (size_t)got;
    }
    return true;
}

// Gives the next line, without its end. Valid until the next call.
static MAYBE_UNUSED const char *hear_line(int fd) {
    static char line[1024];
    size_t len = 0;
    while (len + 1 < sizeof line && recv(fd, line + len, 1, 0) == 1 && line[len] != '\n') len++;
    line[len] = 0;
    return line;
}

// Sends a command and gives the line that comes back.
static MAYBE_UNUSED const char *talk(int fd, const char *command) {
    say(fd, command, strlen(command));
    return hear_line(fd);
}

// Whether the other side has closed the connection (waits for it to do so, or to send something).
static MAYBE_UNUSED bool is_closed(int fd) {
    char byte;
    ssize_t got = recv(fd, &byte, 1, 0);
    return got == 0 || (got < 0 && errno == ECONNRESET);
}

// In a callback: sends a text.
static MAYBE_UNUSED void answer(swoole_server *server, int64_t session, const char *text) {
    CHECK_OK(swoole_server_send(server, session, text, strlen(text)));
}

// In a callback: whether the data is this text.
static MAYBE_UNUSED bool is_text(const uint8_t *data, size_t len, const char *text) {
    return len == strlen(text) && memcmp(data, text, len) == 0;
}

// ---- a job for a worker: set before `serve`, done when a client says something
static MAYBE_UNUSED void (*job)(swoole_server *server, int64_t session);
static MAYBE_UNUSED void do_job(void *userdata, swoole_server *server, int64_t session, int32_t reactor,
                                const uint8_t *data, size_t len) {
    (void)userdata, (void)reactor, (void)data, (void)len;
    job(server, session);
}

// ---- a gate: a process waits at it until the test opens it, once for each
static int gate_pipe[2] = {-1, -1};
static MAYBE_UNUSED void make_gate(void) {
    if (pipe(gate_pipe) != 0) perror("pipe");
}
static MAYBE_UNUSED void wait_at_gate(void) {
    char byte;
    while (read(gate_pipe[0], &byte, 1) < 0 && errno == EINTR) {}
}
static MAYBE_UNUSED void open_gate(void) {
    if (write(gate_pipe[1], "g", 1) != 1) perror("gate");
}
static MAYBE_UNUSED void drop_gate(void) {
    close(gate_pipe[0]);
    close(gate_pipe[1]);
}

// ---- a user process that goes in order when it is told to: SIGTERM's default would end it at once
static volatile sig_atomic_t told_to_go;
static MAYBE_UNUSED void note_sigterm(int number) {
    (void)number;
    told_to_go = 1;
}
static MAYBE_UNUSED void go_when_told(void *userdata, int64_t timer_id) {
    (void)userdata;
    if (told_to_go) CHECK(swoole_timer_clear(timer_id));
}
// In a user process: its loop runs until then.
static MAYBE_UNUSED void stay_until_told(void) {
    signal(SIGTERM, note_sigterm);
    CHECK_OK(swoole_timer_tick(10, go_when_told, NULL, NULL));
}

static MAYBE_UNUSED double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// ---- the program
struct test {
    const char *name;
    void (*run)(void);
};

// Runs all tests, in the mode of the first argument; prints a line for each.
static int run_tests(int argc, char **argv, const struct test *tests, size_t count) {
    int bad = 0;
    mode = argc > 1 && strcmp(argv[1], "base") == 0 ? SWOOLE_BASE : SWOOLE_PROCESS;
    shared = (struct shared_state *)mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; i < count; i++) {
        memset(shared, 0, sizeof *shared);
        tests[i].run();
        printf("%s %s\n", shared->failed ? "not ok" : "ok", tests[i].name);
        fflush(stdout);
        bad += shared->failed != 0;
    }
    munmap(shared, sizeof *shared);
    return bad != 0;
}
#define RUN(tests) \
    int main(int argc, char **argv) { return run_tests(argc, argv, tests, sizeof tests / sizeof tests[0]); }

#endif
