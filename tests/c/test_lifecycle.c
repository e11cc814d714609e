// The life of a server and of its processes, told by its callbacks.
#include "support.h"

static void note_server(void *userdata, swoole_server *server) {
    const char *what = (const char *)userdata;
    swoole_role role = swoole_server_role(server);
    if (strchr("sbe", *what)) CHECK(role == SWOOLE_ROLE_MASTER);
    if (strchr("mMrR", *what)) CHECK(role == SWOOLE_ROLE_MANAGER || (mode == SWOOLE_BASE && role == SWOOLE_ROLE_MASTER));
    CHECK(swoole_server_worker_id(server) == -1);
    if (*what == 's') CHECK(swoole_server_master_pid(server) == getpid());
    if (*what == 'm') shared->pid[0] = swoole_server_manager_pid(server), CHECK(shared->pid[0] == getpid());
    if (*what == 's' || *what == 'm') {
        CHECK(swoole_server_is_started(server));
        // A process that does not run workers cannot send.
        CHECK(swoole_server_send(server, 1, "x", 1) == SWOOLE_ERROR_SERVER_SEND_IN_MASTER);
    }
    note(*what);
}

static void note_worker(void *userdata, swoole_server *server, int32_t worker_id) {
    int32_t pid = 0;
    CHECK(swoole_server_worker_id(server) == worker_id);
    CHECK(swoole_server_role(server) == SWOOLE_ROLE_WORKER);
    CHECK_OK(swoole_server_worker_pid(server, worker_id, &pid));
    CHECK(pid == getpid());
    note(*(const char *)userdata);
}

static void on_worker_error(void *userdata, swoole_server *server, const swoole_worker_failure *failure) {
    (void)userdata, (void)server;
    shared->number[0] = failure->worker_id;
    shared->number[1] = failure->pid;
    shared->number[2] = failure->exit_code;
    shared->number[3] = failure->signal;
    note('!');
}

static void on_command(void *userdata, swoole_server *server, int64_t session, int32_t reactor, const uint8_t *data,
                       size_t len) {
    char line[64];
    (void)userdata, (void)reactor;
    if (is_text(data, len, "pid")) {
        snprintf(line, sizeof line, "%d\n", (int)getpid());
        answer(server, session, line);
    } else if (is_text(data, len, "status")) {
        swoole_worker_status own, other;
        CHECK_OK(swoole_server_worker_status(server, swoole_server_worker_id(server), &own));
        CHECK(own == SWOOLE_WORKER_BUSY);
        CHECK_OK(swoole_server_worker_status(server, 1 - swoole_server_worker_id(server), &other));
        CHECK(other == SWOOLE_WORKER_IDLE || other == SWOOLE_WORKER_BUSY);
        CHECK(swoole_server_worker_status(server, 99, &other) != SWOOLE_OK);
        answer(server, session, "fine\n");
    } else if (is_text(data, len, "reload")) {
        CHECK_OK(swoole_server_reload(server));
    } else if (is_text(data, len, "stop")) {
        CHECK_OK(swoole_server_stop(server, -1));
    } else if (is_text(data, len, "leave 0")) {
        CHECK_OK(swoole_server_send(server, session, "left\n", 5));
        CHECK_OK(swoole_server_leave(server, 0));
    } else if (is_text(data, len, "leave 7")) {
        CHECK_OK(swoole_server_send(server, session, "left\n", 5));
        CHECK_OK(swoole_server_leave(server, 7));
    } else if (is_text(data, len, "die")) {
        shared->pid[1] = getpid();
        kill(getpid(), SIGKILL);
    }
}

static void configure(swoole_server *server) {
    CHECK_OK(swoole_server_on_start(server, note_server, (void *)"s"));
    CHECK_OK(swoole_server_on_before_shutdown(server, note_server, (void *)"b"));
    CHECK_OK(swoole_server_on_shutdown(server, note_server, (void *)"e"));
    CHECK_OK(swoole_server_on_manager_start(server, note_server, (void *)"m"));
    CHECK_OK(swoole_server_on_manager_stop(server, note_server, (void *)"M"));
    CHECK_OK(swoole_server_on_before_reload(server, note_server, (void *)"r"));
    CHECK_OK(swoole_server_on_after_reload(server, note_server, (void *)"R"));
    CHECK_OK(swoole_server_on_worker_start(server, note_worker, (void *)"w"));
    CHECK_OK(swoole_server_on_worker_stop(server, note_worker, (void *)"W"));
    CHECK_OK(swoole_server_on_worker_error(server, on_worker_error, NULL));
    CHECK_OK(swoole_server_on_receive(server, on_command, NULL));
}

static void every_event_of_a_life_comes_once(void) {
    serve(2, configure);
    if (mode == SWOOLE_PROCESS && !strchr(notes, 's')) await_note('s');
    finish();
    CHECK(count_notes('s') == (mode == SWOOLE_PROCESS));
    CHECK(count_notes('m') == 1 && count_notes('M') == 1);
    CHECK(count_notes('w') == 2 && count_notes('W') == 2);
    CHECK(count_notes('b') == 1 && count_notes('e') == 1);
    CHECK(notes[strlen(notes) - 1] == 'e');
    CHECK(count_notes('!') == 0);
    if (shared->failed) fprintf(stderr, "the notes were %s\n", notes);
}

// Waits for the note that the worker of a connection has been replaced, and gives the connection: the
// same one in PROCESS mode; in BASE mode the worker has closed it, and this is another.
static int after_worker(int fd, char replaced) {
    bool stays = mode == SWOOLE_PROCESS;
    if (!stays) {
        CHECK(is_closed(fd));
        close(fd);
    }
    await_note(replaced);
    return stays ? fd : dial();
}

static void a_reload_replaces_all_workers(void) {
    char before[32];
    serve(2, configure);
    int fd = dial();
    snprintf(before, sizeof before, "%s", talk(fd, "pid"));
    say(fd, "reload", 6);
    fd = after_worker(fd, 'R');
    CHECK(count_notes('r') == 1);
    CHECK(strcmp(talk(fd, "pid"), before) != 0);
    close(fd);
    while (count_notes('w') < 4 && await_note('w')) {}
    finish();
    CHECK(count_notes('w') == 4 && count_notes('W') == 4);
    CHECK(count_notes('!') == 0);
}

static void a_stopped_worker_is_replaced(void) {
    serve(2, configure);
    int fd = dial();
    int pid = atoi(talk(fd, "pid"));
    say(fd, "stop", 4);
    fd = after_worker(fd, 'w');
    CHECK(atoi(talk(fd, "pid")) != pid);
    close(fd);
    finish();
    CHECK(count_notes('w') == 3 && count_notes('W') == 3);
    CHECK(count_notes('!') == 0);
}

static void a_killed_worker_is_reported_and_replaced(void) {
    serve(2, configure);
    int fd = dial();
    say(fd, "die", 3);
    await_note('!');
    CHECK(shared->number[0] == 0 || shared->number[0] == 1);
    CHECK(shared->number[1] == shared->pid[1]);
    CHECK(shared->number[2] == 0 && shared->number[3] == SIGKILL);
    if (count_notes('w') < 3) await_note('w');
    close(fd);
    fd = dial();
    CHECK(atoi(talk(fd, "pid")) != shared->pid[1]);
    close(fd);
    finish();
}

static void a_worker_that_leaves_is_replaced(void) {
    serve(2, configure);
    int fd = dial();
    CHECK_TEXT(talk(fd, "leave 0"), "left");
    await_note('w');
    close(fd);
    finish();
    CHECK(count_notes('!') == 0);
}

static void a_worker_that_leaves_with_a_code_is_reported(void) {
    serve(2, configure);
    int fd = dial();
    CHECK_TEXT(talk(fd, "leave 7"), "left");
    await_note('!');
    CHECK(shared->number[2] == 7 && shared->number[3] == 0);
    if (count_notes('w') < 3) await_note('w');
    close(fd);
    finish();
}

static void a_busy_worker_says_so(void) {
    serve(2, configure);
    int fd = dial();
    CHECK_TEXT(talk(fd, "status"), "fine");
    close(fd);
    finish();
}

// ---- one process after another writes to the same stdout
static void print_role(void *userdata, swoole_server *server) {
    (void)server;
    printf("%s\n", (const char *)userdata);
}

static void print_worker(void *userdata, swoole_server *server, int32_t worker_id) {
    (void)userdata, (void)server;
    printf("worker %d\n", worker_id);
    note('w');
}

static void note_exit(void) { note('x'); }

static void configure_printing(swoole_server *server) {
    char path[] = "/tmp/swoole_rs_stdout_XXXXXX";
    int fd = mkstemp(path);
    unlink(path);
    CHECK(dup2(fd, 1) == 1);
    close(fd);
    atexit(note_exit);
    printf("before\n"); // stays in the buffer: stdout is a file
    CHECK_OK(swoole_server_on_manager_start(server, print_role, (void *)"manager"));
    CHECK_OK(swoole_server_on_worker_start(server, print_worker, NULL));
    CHECK_OK(swoole_server_on_shutdown(server, print_role, (void *)"after"));
    CHECK_OK(swoole_server_on_receive(server, on_command, NULL));
}

static void count_lines(void *userdata, swoole_server *server) {
    print_role(userdata, server);
    fflush(stdout);
    char text[400];
    ssize_t len = pread(1, text, sizeof text - 1, 0);
    text[len > 0 ? len : 0] = 0;
    CHECK(strlen(text) == strlen("before\nmanager\nworker 0\nworker 1\nafter\n"));
    CHECK(strncmp(text, "before\nmanager\n", 15) == 0);
}

static void configure_counting(swoole_server *server) {
    configure_printing(server);
    CHECK_OK(swoole_server_on_shutdown(server, count_lines, (void *)"after"));
}

static void each_process_prints_and_exits_for_itself(void) {
    serve(2, configure_counting);
    finish();
    // atexit() functions ran in the process that the program started, and in no other.
    CHECK(count_notes('x') == 1);
}

// ---- in the background
static char pid_file[64];

static void tell_master(void *userdata, swoole_server *server, int32_t worker_id) {
    (void)userdata, (void)worker_id;
    shared->pid[0] = swoole_server_master_pid(server);
    note('w');
}

static void configure_daemon(swoole_server *server) {
    CHECK_OK(swoole_server_set_bool(server, "daemonize", true));
    CHECK_OK(swoole_server_set_str(server, "pid_file", pid_file));
    CHECK_OK(swoole_server_set_str(server, "log_file", "/dev/null"));
    CHECK_OK(swoole_server_on_worker_start(server, tell_master, NULL));
    CHECK_OK(swoole_server_on_receive(server, on_command, NULL));
}

static void a_daemon_returns_from_start_in_the_background(void) {
    int status = -1, pid = 0;
    snprintf(pid_file, sizeof pid_file, "/tmp/swoole_rs_%d.pid", (int)getpid());
    serve(1, configure_daemon);
    CHECK(waitpid(server_pid, &status, 0) == server_pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    FILE *file = fopen(pid_file, "r");
    CHECK(file != NULL && fscanf(file, "%d", &pid) == 1);
    if (file) fclose(file);
    CHECK(pid > 0 && pid == shared->pid[0] && pid != server_pid);
    int fd = dial();
    CHECK(atoi(talk(fd, "pid")) > 0);
    close(fd);
    kill(shared->pid[0], SIGTERM);
    // The pipe's end: all of its processes are gone.
    char byte;
    while (read(note_pipe[0], &byte, 1) == 1) {}
    close(note_pipe[0]);
    CHECK(access(pid_file, F_OK) != 0);
}

static const struct test tests[] = {
    {"every_event_of_a_life_comes_once", every_event_of_a_life_comes_once},
    {"a_reload_replaces_all_workers", a_reload_replaces_all_workers},
    {"a_stopped_worker_is_replaced", a_stopped_worker_is_replaced},
    {"a_killed_worker_is_reported_and_replaced", a_killed_worker_is_reported_and_replaced},
    {"a_worker_that_leaves_is_replaced", a_worker_that_leaves_is_replaced},
    {"a_worker_that_leaves_with_a_code_is_reported", a_worker_that_leaves_with_a_code_is_reported},
    {"a_busy_worker_says_so", a_busy_worker_says_so},
    {"each_process_prints_and_exits_for_itself", each_process_prints_and_exits_for_itself},
    {"a_daemon_returns_from_start_in_the_background", a_daemon_returns_from_start_in_the_background},
};
RUN(tests)
