// Wrong calls: each is an error with a message, none is a crash.
#include "support.h"

#include <pthread.h>

static swoole_server *make_server(void) {
    swoole_server *server = NULL;
    CHECK_OK(swoole_server_new(mode, &server));
    return server;
}

static void ignore_data(void *userdata, swoole_server *server, int64_t session, int32_t reactor, const uint8_t *data,
                        size_t len) {
    (void)userdata, (void)server, (void)session, (void)reactor, (void)data, (void)len;
}

#define REFUSED(call) CHECK((call) == SWOOLE_ERROR_INVALID_PARAMS)

static void null_as_the_server_is_refused_everywhere(void) {
    swoole_connection_info connection;
    swoole_port_info port;
    swoole_worker_status status;
    int64_t number = 0;
    int32_t pid = 0;
    size_t count = 0;
    REFUSED(swoole_server_new(mode, NULL));
    swoole_server_free(NULL);
    REFUSED(swoole_server_listen(NULL, "127.0.0.1", 0, SWOOLE_SOCK_TCP, NULL));
    REFUSED(swoole_server_set_int(NULL, "worker_num", 1));
    REFUSED(swoole_server_set_port_int(NULL, 0, "backlog", 1));
    REFUSED(swoole_server_set_dispatch_func(NULL, NULL, NULL));
    REFUSED(swoole_server_set_package_length_func(NULL, NULL, NULL));
    REFUSED(swoole_server_on_receive(NULL, ignore_data, NULL));
    REFUSED(swoole_server_on_port_receive(NULL, 0, ignore_data, NULL));
    REFUSED(swoole_server_start(NULL));
    REFUSED(swoole_server_leave(NULL, 0));
    REFUSED(swoole_server_send(NULL, 1, "x", 1));
    REFUSED(swoole_server_send_wait(NULL, 1, "x", 1));
    REFUSED(swoole_server_send_file(NULL, 1, "/etc/passwd", 0, 0));
    REFUSED(swoole_server_send_to(NULL, "127.0.0.1", 1, "x", 1, -1));
    REFUSED(swoole_server_close(NULL, 1, false));
    REFUSED(swoole_server_protect(NULL, 1, true));
    REFUSED(swoole_server_confirm(NULL, 1));
    REFUSED(swoole_server_pause(NULL, 1));
    REFUSED(swoole_server_resume(NULL, 1));
    REFUSED(swoole_server_bind(NULL, 1, 1));
    REFUSED(swoole_server_connection_info(NULL, 1, false, &connection));
    REFUSED(swoole_server_connection_list(NULL, 0, SWOOLE_ANY_PORT, &number, 1, &count));
    REFUSED(swoole_server_heartbeat(NULL, false, &number, 1, &count));
    REFUSED(swoole_server_reload(NULL));
    REFUSED(swoole_server_shutdown(NULL));
    REFUSED(swoole_server_stop(NULL, -1));
    REFUSED(swoole_server_stats(NULL, NULL, 0, &count));
    REFUSED(swoole_server_stat(NULL, "start_time", &number));
    REFUSED(swoole_server_port_info(NULL, 0, &port));
    REFUSED(swoole_server_worker_pid(NULL, 0, &pid));
    REFUSED(swoole_server_worker_status(NULL, 0, &status));
    CHECK(!swoole_server_exists(NULL, 1));
    CHECK(!swoole_server_is_started(NULL));
    CHECK(swoole_server_connection_count(NULL, SWOOLE_ANY_PORT) == 0);
    CHECK(swoole_server_port_count(NULL) == 0);
    CHECK(swoole_server_mode(NULL) == 0);
    CHECK(swoole_server_role(NULL) == SWOOLE_ROLE_IDLE);
    CHECK(swoole_server_worker_id(NULL) == -1);
    CHECK(swoole_server_master_pid(NULL) == 0);
    CHECK(swoole_server_manager_pid(NULL) == 0);
    CHECK(swoole_server_exit_code(NULL) == 0);
    CHECK_MESSAGE("server is NULL");
}

static void null_as_another_argument_is_refused(void) {
    swoole_server *server = make_server();
    REFUSED(swoole_server_listen(server, NULL, 0, SWOOLE_SOCK_TCP, NULL));
    CHECK_MESSAGE("host is NULL");
    REFUSED(swoole_server_set_int(server, NULL, 1));
    REFUSED(swoole_server_set_str(server, "package_eof", NULL));
    REFUSED(swoole_server_set_bytes(server, "package_eof", NULL, 3));
    REFUSED(swoole_server_set_int_list(server, "cpu_affinity_ignore", NULL, 3));
    REFUSED(swoole_server_send(server, 1, NULL, 1));
    REFUSED(swoole_server_send_wait(server, 1, NULL, 1));
    REFUSED(swoole_server_send_file(server, 1, NULL, 0, 0));
    REFUSED(swoole_server_send_to(server, NULL, 1, "x", 1, -1));
    REFUSED(swoole_server_connection_info(server, 1, false, NULL));
    REFUSED(swoole_server_connection_list(server, 0, SWOOLE_ANY_PORT, NULL, 1, NULL));
    REFUSED(swoole_server_stats(server, NULL, 1, NULL));
    REFUSED(swoole_server_stat(server, NULL, NULL));
    REFUSED(swoole_server_port_info(server, 0, NULL));
    REFUSED(swoole_server_worker_pid(server, 0, NULL));
    REFUSED(swoole_server_worker_status(server, 0, NULL));
    swoole_server_free(server);
}

static void numbers_out_of_range_are_refused(void) {
    swoole_server *server = NULL;
    REFUSED(swoole_server_new(7, &server));
    CHECK(server == NULL);
    CHECK_MESSAGE("SWOOLE_PROCESS");
    server = make_server();
    CHECK(swoole_server_mode(server) == mode);
    REFUSED(swoole_server_listen(server, "127.0.0.1", 0, 99, NULL));
    CHECK_MESSAGE("99");
    REFUSED(swoole_server_listen(server, "127.0.0.1", 70000, SWOOLE_SOCK_TCP, NULL));
    CHECK_MESSAGE("70000");
    REFUSED(swoole_server_listen(server, "\xff\xfe", 0, SWOOLE_SOCK_TCP, NULL));
    CHECK_MESSAGE("UTF-8");
    CHECK(swoole_server_port_count(server) == 0);
    swoole_server_free(server);
}

static void a_host_that_does_not_exist_is_named(void) {
    swoole_server *server = make_server();
    CHECK(swoole_server_listen(server, "no-such-host.invalid", 0, SWOOLE_SOCK_TCP, NULL) ==
          SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED);
    CHECK_MESSAGE("no-such-host.invalid");
    swoole_server_free(server);
}

static void a_port_in_use_is_named(void) {
    struct sockaddr_in address = local_address(0);
    socklen_t size = sizeof address;
    int other = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(other, (struct sockaddr *)&address, sizeof address) == 0 && listen(other, 1) == 0);
    getsockname(other, (struct sockaddr *)&address, &size);
    int32_t id = 55;
    char number[16];
    snprintf(number, sizeof number, "%d", ntohs(address.sin_port));

    swoole_server *server = make_server();
    CHECK(swoole_server_listen(server, "127.0.0.1", ntohs(address.sin_port), SWOOLE_SOCK_TCP, &id) ==
          SWOOLE_ERROR_SYSTEM_CALL_FAIL);
    CHECK(swoole_last_error() == EADDRINUSE);
    CHECK_MESSAGE(number);
    CHECK(id == 55);
    swoole_server_free(server);
    close(other);
}

static void a_second_server_is_refused(void) {
    swoole_server *first = make_server(), *second = NULL;
    CHECK(swoole_server_new(mode, &second) == SWOOLE_ERROR_SERVER_ONLY_START_ONE);
    CHECK(second == NULL);
    swoole_server_free(first);
    second = make_server();
    swoole_server_free(second);
}

static void start_without_a_port_or_callback_is_refused(void) {
    swoole_server *server = make_server();
    CHECK(swoole_server_start(server) != SWOOLE_OK);
    CHECK_OK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_TCP, NULL));
    CHECK(swoole_server_start(server) == SWOOLE_ERROR_SERVER_INVALID_CALLBACK);
    swoole_server_free(server);
}

static void leave_outside_a_callback_is_refused(void) {
    swoole_server *server = make_server();
    CHECK(swoole_server_leave(server, 0) == SWOOLE_ERROR_WRONG_OPERATION);
    swoole_server_free(server);
}

static void *use_from_another_thread(void *server) {
    CHECK(swoole_last_error() == 0);
    CHECK_TEXT(swoole_last_error_message(), "");
    CHECK(swoole_server_shutdown((swoole_server *)server) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("thread");
    swoole_server_free((swoole_server *)server);
    return NULL;
}

static void another_thread_is_refused(void) {
    pthread_t thread;
    swoole_server *server = make_server();
    CHECK(pthread_create(&thread, NULL, use_from_another_thread, server) == 0);
    pthread_join(thread, NULL);
    CHECK(swoole_server_mode(server) == mode);
    swoole_server_free(server);
}

static void the_versions_agree(void) { CHECK_TEXT(swoole_version(), SWOOLE_RS_VERSION); }

// ---- inside a server that runs
static void try_what_is_too_late(void *userdata, swoole_server *server, int64_t session, int32_t reactor,
                                 const uint8_t *data, size_t len) {
    (void)userdata, (void)reactor, (void)data, (void)len;
    CHECK(swoole_server_start(server) == SWOOLE_ERROR_SERVER_ONLY_START_ONE);
    CHECK(swoole_server_on_receive(server, ignore_data, NULL) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("before swoole_server_start");
    CHECK(swoole_server_on_port_receive(server, 0, ignore_data, NULL) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_server_set_int(server, "worker_num", 3) != SWOOLE_OK);
    CHECK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_TCP, NULL) != SWOOLE_OK);
    swoole_server_free(server);
    CHECK(swoole_last_error() == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("while it runs");
    REFUSED(swoole_server_leave(server, 256));
    CHECK(swoole_server_send(server, session + 1000000, "x", 1) == SWOOLE_ERROR_SESSION_NOT_EXIST);
    CHECK(swoole_server_send(server, -3, "x", 1) == SWOOLE_ERROR_SESSION_INVALID_ID);
    CHECK(swoole_server_heartbeat(server, false, NULL, 0, NULL) == SWOOLE_ERROR_WRONG_OPERATION);
    answer(server, session, "done\n");
}

static void configure_too_late(swoole_server *server) {
    CHECK_OK(swoole_server_on_receive(server, try_what_is_too_late, NULL));
}

static void what_comes_too_late_is_refused(void) {
    serve(2, configure_too_late);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "done");
    close(fd);
    finish();
}

static const struct test tests[] = {
    {"null_as_the_server_is_refused_everywhere", null_as_the_server_is_refused_everywhere},
    {"null_as_another_argument_is_refused", null_as_another_argument_is_refused},
    {"numbers_out_of_range_are_refused", numbers_out_of_range_are_refused},
    {"a_host_that_does_not_exist_is_named", a_host_that_does_not_exist_is_named},
    {"a_port_in_use_is_named", a_port_in_use_is_named},
    {"a_second_server_is_refused", a_second_server_is_refused},
    {"start_without_a_port_or_callback_is_refused", start_without_a_port_or_callback_is_refused},
    {"leave_outside_a_callback_is_refused", leave_outside_a_callback_is_refused},
    {"another_thread_is_refused", another_thread_is_refused},
    {"the_versions_agree", the_versions_agree},
    {"what_comes_too_late_is_refused", what_comes_too_late_is_refused},
};
RUN(tests)
