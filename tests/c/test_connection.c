// What a callback may do to a connection and ask about it.
#include "support.h"

// Understands one command per read, which is all that the clients here send at a time.
static void on_command(void *userdata, swoole_server *server, int64_t session, int32_t reactor, const uint8_t *data,
                       size_t len) {
    char line[600];
    CHECK(userdata == shared);
    CHECK(reactor >= 0);
    CHECK(swoole_server_exists(server, session));
    CHECK(swoole_server_role(server) == SWOOLE_ROLE_WORKER);
    if (is_text(data, len, "id")) {
        snprintf(line, sizeof line, "%" PRId64 "\n", session);
        answer(server, session, line);
    } else if (is_text(data, len, "info")) {
        swoole_connection_info info;
        CHECK_OK(swoole_server_connection_info(server, session, false, &info));
        CHECK(info.port_id == 0 && info.server_port == shared->port && info.remote_port != 0);
        CHECK(info.socket_type == SWOOLE_SOCK_TCP && info.close_errno == 0 && info.reactor_id == reactor);
        CHECK(info.connect_time > 1e9 && info.last_recv_time >= info.connect_time);
        CHECK(info.server_fd >= 0 && info.socket_fd >= 0);
        snprintf(line, sizeof line, "%s %u %s %" PRId64 "\n", info.remote_ip, (unsigned)info.remote_port,
                 info.has_uid ? "uid" : "none", info.uid);
        answer(server, session, line);
    } else if (is_text(data, len, "bind")) {
        CHECK_OK(swoole_server_bind(server, session, INT64_C(5000000000)));
        CHECK(swoole_server_bind(server, session, 6) != SWOOLE_OK);
        answer(server, session, "bound\n");
    } else if (is_text(data, len, "list")) {
        int64_t sessions[100];
        size_t count = 0, all = 0;
        int64_t last = 0;
        // Two at a time, to see that the pages fit together.
        while (swoole_server_connection_list(server, last, SWOOLE_ANY_PORT, sessions, 2, &count) == SWOOLE_OK && count) {
            CHECK(count <= 2);
            for (size_t i = 0; i < count; i++) CHECK(swoole_server_exists(server, sessions[i]));
            all += count;
            last = sessions[count - 1];
        }
        CHECK(all == swoole_server_connection_count(server, SWOOLE_ANY_PORT));
        CHECK(all == swoole_server_connection_count(server, 0));
        CHECK_OK(swoole_server_connection_list(server, 0, 0, sessions, 100, &count));
        CHECK(count == all);
        CHECK(swoole_server_connection_list(server, 0, 7, sessions, 100, &count) != SWOOLE_OK);
        CHECK(swoole_server_connection_count(server, 7) == 0);
        snprintf(line, sizeof line, "%zu\n", all);
        answer(server, session, line);
    } else if (is_text(data, len, "stats")) {
        swoole_stat stats[100];
        size_t count = 0, again = 0;
        int64_t value = -1;
        CHECK_OK(swoole_server_stats(server, NULL, 0, &count));
        CHECK(count > 5 && count < 100);
        CHECK_OK(swoole_server_stats(server, stats, 100, &again));
        CHECK(again == count);
        CHECK_OK(swoole_server_stat(server, "connection_num", &value));
        CHECK(value == (int64_t)swoole_server_connection_count(server, SWOOLE_ANY_PORT));
        CHECK(swoole_server_stat(server, "no_such_figure", &value) == SWOOLE_ERROR_INVALID_PARAMS);
        CHECK_MESSAGE("connection_num");
        CHECK_OK(swoole_server_stat(server, "accept_count", &value));
        snprintf(line, sizeof line, "%" PRId64 "\n", value);
        answer(server, session, line);
    } else if (is_text(data, len, "wait")) {
        CHECK_OK(swoole_server_send_wait(server, session, "waited\n", 7));
    } else if (is_text(data, len, "nothing")) {
        CHECK(swoole_server_send(server, session, NULL, 0) != SWOOLE_ERROR_INTERNAL);
        answer(server, session, "sent\n");
    } else if (is_text(data, len, "protect")) {
        CHECK_OK(swoole_server_protect(server, session, true));
        CHECK_OK(swoole_server_protect(server, session, false));
        answer(server, session, "protected\n");
    } else if (is_text(data, len, "pause")) {
        CHECK_OK(swoole_server_pause(server, session));
        shared->number[0] = session;
        answer(server, session, "paused\n");
    } else if (is_text(data, len, "resume other")) {
        CHECK_OK(swoole_server_resume(server, shared->number[0]));
        answer(server, session, "resumed\n");
    } else if (is_text(data, len, "to other")) {
        CHECK_OK(swoole_server_send(server, shared->number[0], "from afar\n", 10));
        answer(server, session, "sent\n");
    } else if (is_text(data, len, "remember")) {
        shared->number[0] = session;
        answer(server, session, "remembered\n");
    } else if (is_text(data, len, "close")) {
        answer(server, session, "bye\n");
        CHECK_OK(swoole_server_close(server, session, false));
    } else if (is_text(data, len, "reset")) {
        CHECK_OK(swoole_server_close(server, session, true));
    } else if (is_text(data, len, "shutdown")) {
        CHECK_OK(swoole_server_shutdown(server));
    } else {
        CHECK_OK(swoole_server_send(server, session, data, len));
    }
}

static void on_connect(void *userdata, swoole_server *server, int64_t session, int32_t reactor) {
    CHECK(userdata == NULL && session > 0 && reactor >= 0);
    CHECK(swoole_server_exists(server, session));
    note('c');
}

static void on_close(void *userdata, swoole_server *server, int64_t session, int32_t reactor) {
    swoole_connection_info info;
    CHECK(userdata == NULL);
    CHECK_OK(swoole_server_connection_info(server, session, true, &info));
    CHECK_TEXT(info.remote_ip, "127.0.0.1");
    note(reactor < 0 ? 'S' : 'C');
}

static void configure(swoole_server *server) {
    CHECK_OK(swoole_server_on_connect(server, on_connect, NULL));
    CHECK_OK(swoole_server_on_receive(server, on_command, shared));
    CHECK_OK(swoole_server_on_close(server, on_close, NULL));
}

static void data_comes_back(void) {
    serve(2, configure);
    int fd = dial();
    CHECK_TEXT(talk(fd, "hello\n"), "hello");
    CHECK_TEXT(talk(fd, "again\n"), "again");
    close(fd);
    finish();
}

static void a_megabyte_comes_back_whole(void) {
    enum { SIZE = 1 << 20, PIECE = 1 << 15 };
    static char sent[PIECE], got[PIECE];
    serve(1, configure);
    int fd = dial();
    for (int i = 0; i < SIZE / PIECE; i++) {
        memset(sent, 'A' + i % 26, sizeof sent);
        say(fd, sent, sizeof sent);
        CHECK(hear(fd, got, sizeof got));
        CHECK(memcmp(sent, got, sizeof sent) == 0);
    }
    close(fd);
    finish();
}

static void info_tells_the_client(void) {
    struct sockaddr_in me;
    socklen_t size = sizeof me;
    char wanted[64];
    serve(2, configure);
    int fd = dial();
    getsockname(fd, (struct sockaddr *)&me, &size);
    snprintf(wanted, sizeof wanted, "127.0.0.1 %d none 0", ntohs(me.sin_port));
    CHECK_TEXT(talk(fd, "info"), wanted);
    CHECK_TEXT(talk(fd, "bind"), "bound");
    snprintf(wanted, sizeof wanted, "127.0.0.1 %d uid 5000000000", ntohs(me.sin_port));
    CHECK_TEXT(talk(fd, "info"), wanted);
    close(fd);
    finish();
}

static void the_list_has_every_connection(void) {
    int fd[5];
    serve(2, configure);
    for (int i = 0; i < 5; i++) {
        fd[i] = dial();
        talk(fd[i], "id");
    }
    CHECK_TEXT(talk(fd[3], "list"), "5");
    for (int i = 0; i < 5; i++) close(fd[i]);
    finish();
}

static void stats_count_the_connections(void) {
    serve(2, configure);
    int first = dial(), second = dial();
    talk(first, "id");
    talk(second, "id");
    CHECK_TEXT(talk(second, "stats"), "2");
    close(first);
    close(second);
    finish();
}

static void small_commands_work(void) {
    serve(1, configure);
    int fd = dial();
    CHECK_TEXT(talk(fd, "wait"), "waited");
    CHECK_TEXT(talk(fd, "nothing"), "sent");
    CHECK_TEXT(talk(fd, "protect"), "protected");
    close(fd);
    finish();
}

static void a_worker_sends_to_any_connection(void) {
    serve(2, configure);
    int fd[4];
    for (int i = 0; i < 4; i++) fd[i] = dial();
    CHECK_TEXT(talk(fd[0], "remember"), "remembered");
    for (int i = 1; i < 4; i++) {
        CHECK_TEXT(talk(fd[i], "to other"), "sent");
        CHECK_TEXT(talk(fd[0], ""), "from afar");
    }
    for (int i = 0; i < 4; i++) close(fd[i]);
    finish();
}

static void a_paused_connection_is_read_after_resume(void) {
    serve(2, configure);
    int paused = dial(), other = dial();
    CHECK_TEXT(talk(paused, "pause"), "paused");
    say(paused, "held back\n", 10);
    CHECK_TEXT(talk(other, "resume other"), "resumed");
    CHECK_TEXT(talk(paused, ""), "held back");
    close(paused);
    close(other);
    finish();
}

static void the_server_closes_after_its_answer(void) {
    serve(1, configure);
    int fd = dial();
    CHECK_TEXT(talk(fd, "close"), "bye");
    CHECK(is_closed(fd));
    await_note('S');
    close(fd);
    fd = dial();
    say(fd, "reset", 5);
    CHECK(is_closed(fd));
    await_note('S');
    close(fd);
    finish();
}

static void the_close_event_tells_who_closed(void) {
    serve(1, configure);
    int fd = dial();
    await_note('c');
    close(fd);
    await_note('C');
    finish();
}

static void a_worker_can_shut_the_server_down(void) {
    serve(2, configure);
    int fd = dial();
    say(fd, "shutdown", 8);
    CHECK(is_closed(fd));
    close(fd);
    await_server_end();
}

// ---- a callback that answers first and then takes its time
static int gate[2];

static void answer_then_block(void *userdata, swoole_server *server, int64_t session, int32_t reactor,
                              const uint8_t *data, size_t len) {
    char byte;
    (void)userdata, (void)reactor, (void)data, (void)len;
    shared->pid[0] = getpid();
    answer(server, session, "early\n");
    CHECK(read(gate[0], &byte, 1) == 1);
}

static void configure_blocking(swoole_server *server) {
    CHECK_OK(swoole_server_on_receive(server, answer_then_block, NULL));
}

static void an_answer_does_not_wait_for_the_end_of_its_callback(void) {
    CHECK(pipe(gate) == 0);
    serve(1, configure_blocking);
    int fd = dial();
    for (int round = 0; round < 3; round++) {
        CHECK_TEXT(talk(fd, "x"), "early");
        CHECK(write(gate[1], "g", 1) == 1);
    }
    // The same when the worker is late, so that whoever sends its answer has gone to sleep.
    struct pollfd nothing = {fd, POLLIN, 0};
    kill(shared->pid[0], SIGSTOP);
    say(fd, "x", 1);
    CHECK(poll(&nothing, 1, 50) == 0);
    kill(shared->pid[0], SIGCONT);
    CHECK_TEXT(talk(fd, ""), "early");
    CHECK(write(gate[1], "g", 1) == 1);
    close(fd);
    finish();
    close(gate[0]);
    close(gate[1]);
}

// ---- enable_delay_receive
static void confirm_at_once(void *userdata, swoole_server *server, int64_t session, int32_t reactor) {
    (void)userdata, (void)reactor;
    CHECK_OK(swoole_server_confirm(server, session));
}

static void configure_delay(swoole_server *server) {
    CHECK_OK(swoole_server_set_bool(server, "enable_delay_receive", true));
    CHECK_OK(swoole_server_on_connect(server, confirm_at_once, NULL));
    CHECK_OK(swoole_server_on_receive(server, on_command, shared));
}

static void a_confirmed_connection_is_read(void) {
    serve(1, configure_delay);
    int fd = dial();
    CHECK_TEXT(talk(fd, "hello\n"), "hello");
    close(fd);
    finish();
}

// ---- heartbeat
static void on_heartbeat(void *userdata, swoole_server *server, int64_t session, int32_t reactor, const uint8_t *data,
                         size_t len) {
    int64_t silent[4];
    size_t count = 99;
    (void)userdata, (void)reactor, (void)data, (void)len;
    CHECK_OK(swoole_server_heartbeat(server, false, silent, 4, &count));
    CHECK(count == 0);
    CHECK_OK(swoole_server_heartbeat(server, false, NULL, 0, NULL));
    answer(server, session, "nobody\n");
}

static void configure_heartbeat(swoole_server *server) {
    CHECK_OK(swoole_server_set_int(server, "heartbeat_check_interval", 300));
    CHECK_OK(swoole_server_set_int(server, "heartbeat_idle_time", 600));
    CHECK_OK(swoole_server_on_receive(server, on_heartbeat, NULL));
}

static void heartbeat_finds_no_fresh_connection(void) {
    serve(1, configure_heartbeat);
    int fd = dial();
    CHECK_TEXT(talk(fd, "x"), "nobody");
    close(fd);
    finish();
}

static const struct test tests[] = {
    {"data_comes_back", data_comes_back},
    {"a_megabyte_comes_back_whole", a_megabyte_comes_back_whole},
    {"info_tells_the_client", info_tells_the_client},
    {"the_list_has_every_connection", the_list_has_every_connection},
    {"stats_count_the_connections", stats_count_the_connections},
    {"small_commands_work", small_commands_work},
    {"a_worker_sends_to_any_connection", a_worker_sends_to_any_connection},
    {"a_paused_connection_is_read_after_resume", a_paused_connection_is_read_after_resume},
    {"the_server_closes_after_its_answer", the_server_closes_after_its_answer},
    {"the_close_event_tells_who_closed", the_close_event_tells_who_closed},
    {"a_worker_can_shut_the_server_down", a_worker_can_shut_the_server_down},
    {"an_answer_does_not_wait_for_the_end_of_its_callback", an_answer_does_not_wait_for_the_end_of_its_callback},
    {"a_confirmed_connection_is_read", a_confirmed_connection_is_read},
    {"heartbeat_finds_no_fresh_connection", heartbeat_finds_no_fresh_connection},
};
RUN(tests)
