// Pools: workers that are kept alive, messages to them, their ends.
#include "children.h"

#include <sys/ipc.h>
#include <sys/msg.h>

// ---- a pool in a process of its own, whose callbacks note what happens
static pid_t pool_pid;

static void begin_pool_with_key(int workers, int ipc, uint32_t key, void (*configure)(swoole_pool *pool)) {
    memset(notes, 0, sizeof notes);
    if (pipe(note_pipe) != 0) perror("pipe");
    fflush(NULL);
    pool_pid = fork();
    if (pool_pid == 0) {
        swoole_pool *pool = NULL;
        close(note_pipe[0]);
        CHECK_OK(swoole_pool_new(workers, ipc, key, &pool));
        configure(pool);
        CHECK_OK(swoole_pool_start(pool));
        CHECK(getpid() == swoole_pool_master_pid(pool));
        int code = swoole_pool_exit_code(pool);
        swoole_pool_free(pool);
        exit(code);
    }
    close(note_pipe[1]);
}
static void begin_pool(int workers, int ipc, void (*configure)(swoole_pool *pool)) {
    begin_pool_with_key(workers, ipc, 0, configure);
}

static void await_notes(char c, int times) {
    while (count_notes(c) < times && await_note(c)) {}
}

// Waits until the pool has ended, with this exit code, and has read all notes.
static void await_pool_end(int code) {
    int status = -1;
    CHECK(waitpid(pool_pid, &status, 0) == pool_pid);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == code);
    size_t seen_notes = strlen(notes);
    while (seen_notes + 1 < sizeof notes && read(note_pipe[0], notes + seen_notes, 1) == 1) seen_notes++;
    close(note_pipe[0]);
}
static void end_pool(void) {
    kill(pool_pid, SIGTERM);
    await_pool_end(0);
}

static void note_pool(void *userdata, swoole_pool *pool) {
    CHECK(swoole_pool_worker_id(pool) == -1 && swoole_pool_master_pid(pool) == getpid());
    note(*(const char *)userdata);
}
static void note_worker(void *userdata, swoole_pool *pool, int32_t worker) {
    CHECK(swoole_pool_worker_id(pool) == worker && swoole_pool_worker_pid(pool, worker) == getpid());
    CHECK(swoole_pool_master_pid(pool) == getppid() && swoole_pool_size(pool) == 2);
    shared->pid[worker] = getpid();
    note(*(const char *)userdata);
}
static void note_message(void *userdata, swoole_pool *pool, const uint8_t *data, size_t len) {
    (void)userdata;
    CHECK(len == 1);
    __atomic_add_fetch(&shared->number[swoole_pool_worker_id(pool)], 1, __ATOMIC_SEQ_CST);
    note((char)data[0]);
}

static void configure(swoole_pool *pool) {
    CHECK_OK(swoole_pool_on_start(pool, note_pool, (void *)"S"));
    CHECK_OK(swoole_pool_on_shutdown(pool, note_pool, (void *)"D"));
    CHECK_OK(swoole_pool_on_worker_start(pool, note_worker, (void *)"w"));
    CHECK_OK(swoole_pool_on_worker_stop(pool, note_worker, (void *)"e"));
    CHECK_OK(swoole_pool_on_message(pool, note_message, NULL));
}

static void it_starts_and_ends_in_order(void) {
    begin_pool(2, SWOOLE_IPC_UNIXSOCK, configure);
    await_notes('w', 2);
    await_notes('S', 1);
    end_pool();
    CHECK(count_notes('w') == 2 && count_notes('e') == 2 && count_notes('S') == 1);
    CHECK(notes[strlen(notes) - 1] == 'D');
}

static void a_killed_worker_is_replaced(void) {
    begin_pool(2, SWOOLE_IPC_UNIXSOCK, configure);
    await_notes('w', 2);
    int killed = shared->pid[1], other = shared->pid[0];
    kill(killed, SIGKILL);
    await_notes('w', 3);
    CHECK(shared->pid[1] != killed && shared->pid[0] == other);
    end_pool();
    CHECK(count_notes('e') == 2);
}

static void a_reload_replaces_the_workers(void) {
    begin_pool(2, SWOOLE_IPC_UNIXSOCK, configure);
    await_notes('w', 2);
    int before[2] = {shared->pid[0], shared->pid[1]};
    kill(pool_pid, SIGUSR1);
    await_notes('w', 4);
    CHECK(shared->pid[0] != before[0] && shared->pid[1] != before[1]);
    end_pool();
    CHECK(count_notes('e') == 4 && count_notes('w') == 4);
}

// ---- messages
static void send_to_the_other(void *userdata, swoole_pool *pool, int32_t worker) {
    char text = (char)('0' + worker);
    note_worker(userdata, pool, worker);
    if (worker == 1) return;
    for (int i = 0; i < 3; i++) CHECK_OK(swoole_pool_send_message(pool, 1, &text, 1));
    REFUSED(swoole_pool_send_message(pool, 2, &text, 1));
    REFUSED(swoole_pool_send_message(pool, -1, &text, 1));
    CHECK(swoole_pool_write(pool, &text, 1) == SWOOLE_ERROR_WRONG_OPERATION);
}
static void configure_sending(swoole_pool *pool) {
    configure(pool);
    CHECK_OK(swoole_pool_on_worker_start(pool, send_to_the_other, (void *)"w"));
}

static void a_message_reaches_the_worker_it_is_for(void) {
    begin_pool(2, SWOOLE_IPC_UNIXSOCK, configure_sending);
    await_notes('0', 3);
    end_pool();
    CHECK(published(1) == 3 && published(0) == 0);
}

static void write_to_the_other(void *userdata, swoole_pool *pool, int32_t worker) {
    swoole_process *other = NULL;
    note_worker(userdata, pool, worker);
    if (worker == 1) return;
    CHECK_OK(swoole_pool_process(pool, 1, &other));
    CHECK_OK(swoole_process_write(other, "p", 1));
    CHECK(swoole_process_start(other, NULL) == SWOOLE_ERROR_WRONG_OPERATION);
    swoole_process_free(other);
    REFUSED(swoole_pool_process(pool, 2, &other));
}
static void configure_writing(swoole_pool *pool) {
    configure(pool);
    CHECK_OK(swoole_pool_on_worker_start(pool, write_to_the_other, (void *)"w"));
}

static void a_worker_is_written_to_as_a_process(void) {
    begin_pool(2, SWOOLE_IPC_UNIXSOCK, configure_writing);
    await_notes('p', 1);
    end_pool();
    CHECK(published(1) == 1);
}

static void a_message_queue_is_filled_from_outside(void) {
    struct {
        long type;
        char text[1];
    } message = {1, {'q'}};
    uint32_t key = 0x5e200000u + (uint32_t)getpid();
    int queue = msgget((key_t)key, IPC_CREAT | 0600);
    CHECK(queue >= 0);
    begin_pool_with_key(2, SWOOLE_IPC_MSGQUEUE, key, configure);
    await_notes('w', 2);
    for (int i = 0; i < 10; i++) CHECK(msgsnd(queue, &message, 1, 0) == 0);
    await_notes('q', 10);
    end_pool();
    CHECK(published(0) + published(1) == 10);
    CHECK(msgctl(queue, IPC_RMID, NULL) == 0); // it was not the pool's to remove
}

// ---- connections
static void shout_back(void *userdata, swoole_pool *pool, const uint8_t *data, size_t len) {
    char text[64];
    (void)userdata;
    CHECK(len < sizeof text);
    for (size_t i = 0; i < len; i++) text[i] = (char)(data[i] - 'a' + 'A');
    CHECK_OK(swoole_pool_write(pool, text, len));
}
static void configure_listening(swoole_pool *pool) {
    CHECK_OK(swoole_pool_listen(pool, "127.0.0.1", 0, 10));
    CHECK_OK(swoole_pool_set_max_package_size(pool, 100));
    shared->port = swoole_pool_port(pool);
    configure(pool);
    CHECK_OK(swoole_pool_on_message(pool, shout_back, NULL));
}

static void a_client_is_answered_again_and_again(void) {
    char text[9] = "";
    begin_pool(2, SWOOLE_IPC_SOCKET, configure_listening);
    await_notes('w', 2);
    int fd = dial();
    for (int i = 0; i < 3; i++) {
        say(fd, "\0\0\0\5hello", 9);
        CHECK(hear(fd, text, 9) && memcmp(text, "\0\0\0\5HELLO", 9) == 0);
    }
    // One that is longer than allowed ends the connection.
    say(fd, "\0\0\1\0hello", 9);
    CHECK(is_closed(fd));
    close(fd);
    end_pool();
}

// ---- workers that do their own work
static void work_until_told(void *userdata, swoole_pool *pool, int32_t worker) {
    note_worker(userdata, pool, worker);
    while (swoole_pool_is_running(pool)) usleep(1000); // time: the work of a worker
    note('t');
}
static void configure_working(swoole_pool *pool) {
    CHECK_OK(swoole_pool_on_worker_start(pool, work_until_told, (void *)"w"));
}

static void a_worker_works_until_it_is_told(void) {
    begin_pool(2, SWOOLE_IPC_NONE, configure_working);
    await_notes('w', 2);
    end_pool();
    CHECK(count_notes('t') == 2);
}

static void note_timer(void *userdata, int64_t timer_id) {
    (void)userdata, (void)timer_id;
    note('t');
}
static void set_timer(void *userdata, swoole_pool *pool, int32_t worker) {
    note_worker(userdata, pool, worker);
    CHECK_OK(swoole_timer_after(1, note_timer, NULL, NULL));
}
static void configure_timers(swoole_pool *pool) { CHECK_OK(swoole_pool_on_worker_start(pool, set_timer, (void *)"w")); }

static void one_that_has_done_its_work_is_replaced(void) {
    begin_pool(2, SWOOLE_IPC_NONE, configure_timers);
    await_notes('t', 6);
    end_pool();
    CHECK(count_notes('w') >= 6);
}

// ---- leaving
static void on_order(void *userdata, swoole_pool *pool, const uint8_t *data, size_t len) {
    (void)userdata, (void)len;
    switch (data[0]) {
    case 's': CHECK_OK(swoole_pool_stop(pool)); break;
    case 'l': CHECK_OK(swoole_pool_leave(pool, 7)); break;
    case 'd': CHECK_OK(swoole_pool_detach(pool)); note('d'); break;
    default: CHECK_OK(swoole_pool_shutdown(pool));
    }
}
static void give_order(void *userdata, swoole_pool *pool, int32_t worker) {
    note_worker(userdata, pool, worker);
    // The first worker 0 is the only one that orders.
    if (worker == 0 && __atomic_fetch_add(&shared->number[8], 1, __ATOMIC_SEQ_CST) == 0) {
        char order = (char)published(9);
        CHECK_OK(swoole_pool_send_message(pool, 1, &order, 1));
    }
}
static void configure_orders(swoole_pool *pool) {
    configure(pool);
    CHECK_OK(swoole_pool_on_worker_start(pool, give_order, (void *)"w"));
    CHECK_OK(swoole_pool_on_message(pool, on_order, NULL));
    CHECK(swoole_pool_leave(pool, 1) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("swoole_pool_shutdown");
}

static void a_worker_that_stops_is_replaced(void) {
    publish(9, 's');
    begin_pool(2, SWOOLE_IPC_UNIXSOCK, configure_orders);
    await_notes('w', 3);
    end_pool();
    CHECK(count_notes('e') == 3);
}

static void a_worker_that_leaves_with_a_code_is_replaced(void) {
    publish(9, 'l');
    begin_pool(2, SWOOLE_IPC_UNIXSOCK, configure_orders);
    await_notes('w', 3);
    end_pool();
    CHECK(count_notes('e') == 2); // it has ended at once
}

static void configure_detaching(swoole_pool *pool) {
    configure_orders(pool);
    CHECK_OK(swoole_pool_on_worker_stop(pool, NULL, NULL)); // the detached one has a number that is another's by then
}

static void a_detached_worker_is_replaced_at_once(void) {
    publish(9, 'd');
    begin_pool(2, SWOOLE_IPC_UNIXSOCK, configure_detaching);
    await_notes('d', 1);
    await_notes('w', 3);
    end_pool();
}

static void a_worker_may_end_the_pool(void) {
    publish(9, '!');
    begin_pool(2, SWOOLE_IPC_UNIXSOCK, configure_orders);
    await_pool_end(0);
    CHECK(count_notes('D') == 1);
}

static void leave_the_master(void *userdata, swoole_pool *pool) {
    (void)userdata;
    CHECK_OK(swoole_pool_leave(pool, 5));
}
static void configure_leaving_master(swoole_pool *pool) {
    configure(pool);
    CHECK_OK(swoole_pool_on_start(pool, leave_the_master, NULL));
}

static void the_master_may_leave_with_a_code(void) {
    begin_pool(2, SWOOLE_IPC_UNIXSOCK, configure_leaving_master);
    await_pool_end(5);
}

// ---- wrong calls
static void start_again(void *userdata, swoole_pool *pool) {
    (void)userdata;
    CHECK(swoole_pool_start(pool) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_pool_on_message(pool, note_message, NULL) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("before swoole_pool_start");
    CHECK(swoole_pool_set_max_wait_time(pool, 1) == SWOOLE_ERROR_WRONG_OPERATION);
    swoole_pool_free(pool);
    CHECK_MESSAGE("while it runs");
    CHECK_OK(swoole_pool_shutdown(pool));
}
static void configure_starting_again(swoole_pool *pool) {
    configure(pool);
    CHECK_OK(swoole_pool_on_start(pool, start_again, NULL));
}

static void what_comes_too_late_is_refused(void) {
    begin_pool(2, SWOOLE_IPC_NONE, configure_starting_again);
    await_pool_end(0);
}

static void no_timer_here(void *userdata, int64_t timer_id) { (void)userdata, (void)timer_id; }

static void wrong_calls_are_refused(void) {
    swoole_pool *pool = NULL;
    swoole_process *process = NULL;
    int64_t timer_id = 0;
    REFUSED(swoole_pool_new(0, SWOOLE_IPC_NONE, 0, &pool));
    REFUSED(swoole_pool_new(-1, SWOOLE_IPC_NONE, 0, &pool));
    REFUSED(swoole_pool_new(10001, SWOOLE_IPC_NONE, 0, &pool));
    CHECK_MESSAGE("10000");
    REFUSED(swoole_pool_new(1, 4, 0, &pool));
    CHECK_MESSAGE("SWOOLE_IPC_SOCKET");
    REFUSED(swoole_pool_new(1, SWOOLE_IPC_NONE, 7, &pool));
    CHECK_MESSAGE("SWOOLE_IPC_MSGQUEUE");
    REFUSED(swoole_pool_new(1, SWOOLE_IPC_NONE, 0, NULL));
    CHECK(pool == NULL);
    REFUSED(swoole_pool_start(NULL));
    CHECK_MESSAGE("swoole_pool_new");
    REFUSED(swoole_pool_on_start(NULL, NULL, NULL));
    REFUSED(swoole_pool_on_worker_start(NULL, NULL, NULL));
    REFUSED(swoole_pool_on_worker_stop(NULL, NULL, NULL));
    REFUSED(swoole_pool_on_shutdown(NULL, NULL, NULL));
    REFUSED(swoole_pool_on_message(NULL, NULL, NULL));
    REFUSED(swoole_pool_listen(NULL, "127.0.0.1", 0, 1));
    REFUSED(swoole_pool_write(NULL, "x", 1));
    REFUSED(swoole_pool_send_message(NULL, 0, "x", 1));
    REFUSED(swoole_pool_detach(NULL));
    REFUSED(swoole_pool_stop(NULL));
    REFUSED(swoole_pool_leave(NULL, 0));
    REFUSED(swoole_pool_shutdown(NULL));
    REFUSED(swoole_pool_set_max_package_size(NULL, 1));
    REFUSED(swoole_pool_set_max_wait_time(NULL, 1));
    REFUSED(swoole_pool_set_free_queue(NULL, true));
    REFUSED(swoole_pool_process(NULL, 0, &process));
    CHECK(!swoole_pool_is_running(NULL) && swoole_pool_worker_id(NULL) == -1 && swoole_pool_size(NULL) == 0);
    CHECK(swoole_pool_master_pid(NULL) == 0 && swoole_pool_worker_pid(NULL, 0) == 0 && swoole_pool_port(NULL) == 0);
    swoole_pool_free(NULL);

    CHECK_OK(swoole_pool_new(1, SWOOLE_IPC_NONE, 0, &pool));
    CHECK(swoole_pool_start(pool) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("nothing to do");
    CHECK(swoole_pool_listen(pool, "127.0.0.1", 0, 1) == SWOOLE_ERROR_WRONG_OPERATION);
    REFUSED(swoole_pool_set_max_package_size(pool, 0));
    REFUSED(swoole_pool_set_max_wait_time(pool, -1));
    CHECK(swoole_pool_send_message(pool, 0, "x", 1) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_pool_process(pool, 0, &process) == SWOOLE_ERROR_WRONG_OPERATION && process == NULL);
    CHECK_OK(swoole_pool_on_worker_start(pool, set_timer, NULL));
    CHECK_OK(swoole_timer_after(1000, no_timer_here, NULL, &timer_id));
    CHECK(swoole_pool_start(pool) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("timer");
    CHECK(swoole_timer_clear(timer_id));
    swoole_pool_free(pool);
}

static const struct test tests[] = {
    {"it_starts_and_ends_in_order", it_starts_and_ends_in_order},
    {"a_killed_worker_is_replaced", a_killed_worker_is_replaced},
    {"a_reload_replaces_the_workers", a_reload_replaces_the_workers},
    {"a_message_reaches_the_worker_it_is_for", a_message_reaches_the_worker_it_is_for},
    {"a_worker_is_written_to_as_a_process", a_worker_is_written_to_as_a_process},
    {"a_message_queue_is_filled_from_outside", a_message_queue_is_filled_from_outside},
    {"a_client_is_answered_again_and_again", a_client_is_answered_again_and_again},
    {"a_worker_works_until_it_is_told", a_worker_works_until_it_is_told},
    {"one_that_has_done_its_work_is_replaced", one_that_has_done_its_work_is_replaced},
    {"a_worker_that_stops_is_replaced", a_worker_that_stops_is_replaced},
    {"a_worker_that_leaves_with_a_code_is_replaced", a_worker_that_leaves_with_a_code_is_replaced},
    {"a_detached_worker_is_replaced_at_once", a_detached_worker_is_replaced_at_once},
    {"a_worker_may_end_the_pool", a_worker_may_end_the_pool},
    {"the_master_may_leave_with_a_code", the_master_may_leave_with_a_code},
    {"what_comes_too_late_is_refused", what_comes_too_late_is_refused},
    {"wrong_calls_are_refused", wrong_calls_are_refused},
};
RUN(tests)
