// TLS: ports of servers, and both clients.
#include "certificates.h"

static void (*more_settings)(swoole_server *server, int32_t port);

static void echo(void *userdata, swoole_server *server, int64_t session, int32_t reactor, const uint8_t *data, size_t len) {
    (void)userdata, (void)reactor;
    if (is_text(data, len, "certificate")) {
        swoole_bytes found;
        CHECK_OK(swoole_server_client_certificate(server, session, &found));
        answer(server, session, found.data ? (memcmp(found.data, "-----BEGIN", 10) == 0 ? "shown" : "wrong") : "none");
        swoole_bytes_free(&found);
    } else CHECK_OK(swoole_server_send(server, session, data, len));
}

static void note_connect(void *userdata, swoole_server *server, int64_t session, int32_t reactor) {
    (void)userdata, (void)server, (void)session, (void)reactor;
    note('c');
}

static void configure(swoole_server *server) {
    CHECK_OK(swoole_server_on_receive(server, echo, NULL));
    int32_t port = listen_with_tls(server);
    CHECK_OK(swoole_server_on_port_connect(server, port, note_connect, NULL));
    if (more_settings) more_settings(server, port);
}

static void serve_tls(void (*settings)(swoole_server *server, int32_t port)) {
    more_settings = settings;
    serve(1, configure);
}

// A client that trusts the tests' authority; `host` is what the certificate is to name.
static swoole_client *new_client(const char *host) {
    swoole_client *client = NULL;
    CHECK_OK(swoole_client_new(SWOOLE_SOCK_TCP | SWOOLE_SSL, &client));
    CHECK_OK(swoole_client_set_bool(client, "ssl_verify_peer", true));
    CHECK_OK(swoole_client_set_str(client, "ssl_cafile", certificate("ca.pem")));
    CHECK_OK(swoole_client_set_str(client, "ssl_host_name", host));
    return client;
}

static swoole_result dial_tls(swoole_client *client) {
    return swoole_client_connect(client, "127.0.0.1", shared->pid[1], PATIENCE_MS / 1000);
}

// Sends a text, and gives what comes back.
static const char *exchange(swoole_client *client, const char *text) {
    static char found[100];
    const uint8_t *data = NULL;
    size_t len = 0;
    found[0] = 0;
    if (swoole_client_send(client, text, strlen(text)) != SWOOLE_OK || swoole_client_recv(client, 0, 0, &data, &len) != SWOOLE_OK) {
        fprintf(stderr, "no echo: %s\n", swoole_last_error_message());
        return "";
    }
    snprintf(found, sizeof found, "%.*s", (int)len, (const char *)data);
    return found;
}

// ---- ports
static void what_is_sent_over_tls_comes_back(void) {
    static char much[300000];
    const uint8_t *data;
    size_t len, got = 0;
    serve_tls(NULL);
    swoole_client *client = new_client("localhost");
    CHECK_OK(dial_tls(client));
    CHECK_TEXT(exchange(client, "hello"), "hello");
    memset(much, 'm', sizeof much);
    CHECK_OK(swoole_client_send(client, much, sizeof much));
    while (got < sizeof much && swoole_client_recv(client, 0, 0, &data, &len) == SWOOLE_OK && len > 0) {
        for (size_t i = 0; i < len; i++) CHECK(data[i] == 'm');
        got += len;
    }
    CHECK(got == sizeof much);
    swoole_client_free(client);
    finish();
    CHECK(count_notes('c') == 1);
}

static void a_plain_port_stays_plain(void) {
    serve_tls(NULL);
    int fd = dial();
    CHECK_TEXT(talk(fd, "plain\n"), "plain");
    close(fd);
    finish();
}

static void who_speaks_no_tls_is_hung_up_on(void) {
    serve_tls(NULL);
    int fd = dial_port(shared->pid[1]);
    say(fd, "GET / HTTP/1.1\r\n\r\n", 18);
    char rest[100];
    while (recv(fd, rest, sizeof rest, 0) > 0) {}
    close(fd);
    swoole_client *client = new_client("localhost");
    CHECK_OK(dial_tls(client));
    CHECK_TEXT(exchange(client, "still here"), "still here");
    swoole_client_free(client);
    finish();
}

// ---- certificates
static void the_certificate_of_a_server_is_shown_and_verified(void) {
    swoole_bytes found = {NULL, 0};
    serve_tls(NULL);
    swoole_client *client = new_client("localhost");
    CHECK_OK(dial_tls(client));
    CHECK_OK(swoole_client_peer_certificate(client, &found));
    CHECK(found.len > 100 && memcmp(found.data, "-----BEGIN CERTIFICATE-----", 27) == 0);
    swoole_bytes_free(&found);
    CHECK_OK(swoole_client_verify_peer(client, false));
    CHECK(swoole_client_peer_certificate(client, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    swoole_client_free(client);
    finish();
}

static void a_certificate_of_another_name_is_refused(void) {
    serve_tls(NULL);
    swoole_client *client = new_client("example.com");
    CHECK(dial_tls(client) == SWOOLE_ERROR_SSL_VERIFY_FAILED);
    CHECK_MESSAGE("example.com");
    swoole_client_free(client);
    finish();
}

static void a_certificate_of_a_stranger_is_refused(void) {
    swoole_client *client = NULL;
    serve_tls(NULL);
    CHECK_OK(swoole_client_new(SWOOLE_SOCK_TCP | SWOOLE_SSL, &client));
    CHECK_OK(swoole_client_set_str(client, "ssl_host_name", "localhost"));
    CHECK_OK(swoole_client_set_bool(client, "ssl_verify_peer", true));
    CHECK(dial_tls(client) == SWOOLE_ERROR_SSL_VERIFY_FAILED);
    CHECK_OK(swoole_client_set_bool(client, "ssl_verify_peer", false));
    CHECK_OK(dial_tls(client));
    CHECK(swoole_client_verify_peer(client, false) == SWOOLE_ERROR_SSL_VERIFY_FAILED);
    swoole_client_free(client);
    finish();
}

static void use_two_names(swoole_server *server, int32_t port) {
    char list[1100];
    snprintf(list, sizeof list, "other.test=%s;%s", certificate("other.pem"), certificate("other.key"));
    CHECK_OK(swoole_server_set_port_str(server, port, "ssl_sni_certs", list));
}

static void the_name_that_is_asked_for_chooses_the_certificate(void) {
    serve_tls(use_two_names);
    swoole_client *one = new_client("localhost"), *other = new_client("other.test");
    CHECK_OK(dial_tls(one));
    CHECK_OK(dial_tls(other));
    CHECK_TEXT(exchange(one, "one"), "one");
    CHECK_TEXT(exchange(other, "other"), "other");
    swoole_client_free(one);
    swoole_client_free(other);
    finish();
}

static void ask_clients_for_certificates(swoole_server *server, int32_t port) {
    CHECK_OK(swoole_server_set_port_bool(server, port, "ssl_verify_peer", true));
    CHECK_OK(swoole_server_set_port_str(server, port, "ssl_client_cert_file", certificate("ca.pem")));
}

static void a_client_shows_a_certificate(void) {
    serve_tls(ask_clients_for_certificates);
    swoole_client *client = new_client("localhost"), *stranger = new_client("localhost");
    CHECK_OK(swoole_client_set_str(client, "ssl_cert_file", certificate("client.pem")));
    CHECK_OK(swoole_client_set_str(client, "ssl_key_file", certificate("client.key")));
    CHECK_OK(dial_tls(client));
    CHECK_TEXT(exchange(client, "certificate"), "shown");
    // With TLS 1.3 a client hears of the refusal by what it receives.
    if (dial_tls(stranger) == SWOOLE_OK) CHECK_TEXT(exchange(stranger, "x"), "");
    swoole_client_free(client);
    swoole_client_free(stranger);
    finish();
}

// ---- what is refused at the start
static swoole_server *new_server(const char *cert, const char *key) {
    swoole_server *server = NULL;
    CHECK_OK(swoole_server_new(mode, &server));
    CHECK_OK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_TCP | SWOOLE_SSL, NULL));
    CHECK_OK(swoole_server_on_receive(server, echo, NULL));
    if (cert) CHECK_OK(swoole_server_set_str(server, "ssl_cert_file", cert));
    if (key) CHECK_OK(swoole_server_set_str(server, "ssl_key_file", key));
    return server;
}

static void wrong_files_are_refused_at_the_start(void) {
    swoole_server *server = new_server(NULL, NULL);
    CHECK(swoole_server_start(server) != SWOOLE_OK);
    CHECK_MESSAGE("ssl_cert_file");
    swoole_server_free(server);
    server = new_server("/no/such/cert.pem", certificate("key.pem"));
    CHECK(swoole_server_start(server) != SWOOLE_OK);
    CHECK_MESSAGE("/no/such/cert.pem");
    swoole_server_free(server);
    server = new_server(certificate("cert.pem"), certificate("other.key"));
    CHECK(swoole_server_start(server) == SWOOLE_ERROR_SSL_CREATE_CONTEXT_FAILED);
    CHECK_MESSAGE("other.key");
    swoole_server_free(server);
}

static void tls_is_for_streams(void) {
    swoole_server *server = NULL;
    swoole_client *client = NULL;
    swoole_async_client *async = NULL;
    CHECK_OK(swoole_server_new(mode, &server));
    CHECK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_UDP | SWOOLE_SSL, NULL) == SWOOLE_ERROR_OPERATION_NOT_SUPPORT);
    CHECK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SSL, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_server_port_count(server) == 0);
    swoole_server_free(server);
    CHECK(swoole_client_new(SWOOLE_SOCK_UDP | SWOOLE_SSL, &client) == SWOOLE_ERROR_OPERATION_NOT_SUPPORT);
    CHECK(swoole_async_client_new(SWOOLE_SOCK_UNIX_DGRAM | SWOOLE_SSL, &async) == SWOOLE_ERROR_OPERATION_NOT_SUPPORT);
    CHECK(client == NULL && async == NULL);
}

// ---- TLS on a connection that there is
static void a_connected_client_goes_over_to_tls(void) {
    swoole_client *client = NULL;
    swoole_bytes found;
    serve_tls(NULL);
    CHECK_OK(swoole_client_new(SWOOLE_SOCK_TCP, &client));
    CHECK(swoole_client_start_tls(client) == SWOOLE_ERROR_CLIENT_NO_CONNECTION);
    CHECK_OK(swoole_client_set_str(client, "ssl_cafile", certificate("ca.pem")));
    CHECK_OK(swoole_client_set_str(client, "ssl_host_name", "localhost"));
    CHECK_OK(swoole_client_set_bool(client, "ssl_verify_peer", true));
    CHECK_OK(dial_tls(client));
    CHECK(swoole_client_peer_certificate(client, &found) == SWOOLE_ERROR_SSL_NOT_READY);
    CHECK_OK(swoole_client_start_tls(client));
    CHECK_TEXT(exchange(client, "encrypted"), "encrypted");
    CHECK(swoole_client_start_tls(client) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_client_start_tls(NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    swoole_client_free(client);
    finish();
}

// ---- the client that tells by callbacks
static int mark;
static char heard[200];

static void greet(void *userdata, swoole_async_client *client) {
    swoole_bytes found;
    CHECK(userdata == &mark);
    CHECK_OK(swoole_async_client_peer_certificate(client, &found));
    CHECK(memcmp(found.data, "-----BEGIN", 10) == 0);
    swoole_bytes_free(&found);
    CHECK_OK(swoole_async_client_verify_peer(client, false));
    strcat(heard, "secure ");
    CHECK_OK(swoole_async_client_send(client, "hello", 5));
}

static void hear_back(void *userdata, swoole_async_client *client, const uint8_t *data, size_t len) {
    (void)userdata;
    strncat(heard, (const char *)data, len);
    CHECK_OK(swoole_async_client_close(client, false));
}

static void hear_end(void *userdata, swoole_async_client *client) {
    (void)userdata, (void)client;
    strcat(heard, " end");
}

static void hear_error(void *userdata, swoole_async_client *client, swoole_result result) {
    (void)userdata, (void)client;
    CHECK(result == SWOOLE_ERROR_SSL_VERIFY_FAILED);
    strcat(heard, "refused");
}

static swoole_async_client *new_async_client(int kind, const char *host) {
    swoole_async_client *client = NULL;
    heard[0] = 0;
    CHECK_OK(swoole_async_client_new(kind, &client));
    CHECK_OK(swoole_async_client_set_bool(client, "ssl_verify_peer", true));
    CHECK_OK(swoole_async_client_set_str(client, "ssl_cafile", certificate("ca.pem")));
    CHECK_OK(swoole_async_client_set_str(client, "ssl_host_name", host));
    CHECK_OK(swoole_async_client_on_receive(client, hear_back, NULL));
    CHECK_OK(swoole_async_client_on_close(client, hear_end, NULL));
    CHECK_OK(swoole_async_client_on_error(client, hear_error, NULL));
    return client;
}

static void run_async(swoole_async_client *client) {
    CHECK_OK(swoole_async_client_connect(client, "127.0.0.1", shared->pid[1], PATIENCE_MS / 1000));
    CHECK_OK(swoole_event_wait());
    swoole_async_client_free(client);
}

static void an_event_driven_client_connects_with_tls(void) {
    serve_tls(NULL);
    swoole_async_client *client = new_async_client(SWOOLE_SOCK_TCP | SWOOLE_SSL, "localhost");
    CHECK_OK(swoole_async_client_on_connect(client, greet, &mark));
    run_async(client);
    CHECK_TEXT(heard, "secure hello end");
    run_async(new_async_client(SWOOLE_SOCK_TCP | SWOOLE_SSL, "example.com"));
    CHECK_TEXT(heard, "refused");
    finish();
}

static void begin_tls(void *userdata, swoole_async_client *client) {
    swoole_bytes found;
    (void)userdata;
    strcat(heard, "plain ");
    CHECK(swoole_async_client_peer_certificate(client, &found) == SWOOLE_ERROR_SSL_NOT_READY);
    CHECK(swoole_async_client_start_tls(client, NULL, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_OK(swoole_async_client_start_tls(client, greet, &mark));
}

static void an_event_driven_client_goes_over_to_tls(void) {
    serve_tls(NULL);
    swoole_async_client *client = new_async_client(SWOOLE_SOCK_TCP, "localhost");
    CHECK_OK(swoole_async_client_on_connect(client, begin_tls, NULL));
    run_async(client);
    CHECK_TEXT(heard, "plain secure hello end");
    finish();
}

static const struct test tests[] = {
    {"what_is_sent_over_tls_comes_back", what_is_sent_over_tls_comes_back},
    {"a_plain_port_stays_plain", a_plain_port_stays_plain},
    {"who_speaks_no_tls_is_hung_up_on", who_speaks_no_tls_is_hung_up_on},
    {"the_certificate_of_a_server_is_shown_and_verified", the_certificate_of_a_server_is_shown_and_verified},
    {"a_certificate_of_another_name_is_refused", a_certificate_of_another_name_is_refused},
    {"a_certificate_of_a_stranger_is_refused", a_certificate_of_a_stranger_is_refused},
    {"the_name_that_is_asked_for_chooses_the_certificate", the_name_that_is_asked_for_chooses_the_certificate},
    {"a_client_shows_a_certificate", a_client_shows_a_certificate},
    {"wrong_files_are_refused_at_the_start", wrong_files_are_refused_at_the_start},
    {"tls_is_for_streams", tls_is_for_streams},
    {"a_connected_client_goes_over_to_tls", a_connected_client_goes_over_to_tls},
    {"an_event_driven_client_connects_with_tls", an_event_driven_client_connects_with_tls},
    {"an_event_driven_client_goes_over_to_tls", an_event_driven_client_goes_over_to_tls},
};
RUN(tests)
