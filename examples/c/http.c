// An HTTP server: a page with a form, an upload, an answer in parts, and the files of a directory.
//
// Build:  cc http.c $(pkg-config --cflags --libs swoole_rs) -o http
// Run:    ./http [port] [base|process] [directory]       (port 0, the default, takes a free one)
// Talk:   curl http://127.0.0.1:PORT/?name=Ann
//         curl -F title=Notes -F file=@notes.txt http://127.0.0.1:PORT/upload
//         curl http://127.0.0.1:PORT/count
//         and whatever is in the directory
// Stop:   Ctrl-C
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <swoole_rs.h>

static void end(swoole_http_response *response, const char *text) {
    if (swoole_http_response_end(response, text, strlen(text)) != SWOOLE_OK)
        fprintf(stderr, "no answer: %s\n", swoole_last_error_message());
}

// What a client has sent goes into a page only with its markup made harmless.
static void append_escaped(char *page, size_t size, swoole_data text) {
    size_t len = strlen(page);
    for (size_t i = 0; i < text.len && len + 7 < size; i++) {
        char c = ((const char *)text.data)[i];
        const char *escaped = c == '<' ? "&lt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : NULL;
        if (escaped) len += (size_t)snprintf(page + len, size - len, "%s", escaped);
        else page[len++] = c;
    }
    page[len] = 0;
}

static void greet(swoole_http_request *request, swoole_http_response *response) {
    char page[4096] = "<!doctype html><title>hello</title><p>Hello ";
    swoole_data name = swoole_http_request_query_value(request, "name");
    if (name.data == NULL) name = swoole_http_request_cookie(request, "name");
    if (name.len == 0 || name.len > 200) strcat(page, "stranger");
    else append_escaped(page, sizeof page - 200, name);
    strcat(page, ".<form>Your name: <input name=name><button>Send</button></form>\n");

    if (name.len <= 200) {
        char value[201];
        snprintf(value, sizeof value, "%.*s", (int)name.len, (const char *)name.data);
        swoole_http_cookie cookie;
        memset(&cookie, 0, sizeof cookie); // what is 0 is left out
        cookie.name = "name";
        cookie.value = value;
        cookie.path = "/";
        cookie.same_site = SWOOLE_SAME_SITE_LAX;
        cookie.http_only = true;
        if (name.len > 0) swoole_http_response_cookie(response, &cookie);
    }
    swoole_http_response_header(response, "Content-Type", "text/html; charset=utf-8");
    end(response, page);
}

// How much of it is shown.
static int shown(swoole_data data) { return (int)(data.len < 100 ? data.len : 100); }

static void take_upload(swoole_http_request *request, swoole_http_response *response) {
    char text[4096] = "";
    size_t len = 0, place = 0;
    swoole_http_field field;
    swoole_http_file file;
    while (swoole_http_request_next_form_value(request, &place, &field) && len + 400 < sizeof text)
        len += (size_t)snprintf(text + len, sizeof text - len, "%.*s is %.*s\n", shown(field.name), (const char *)field.name.data,
                                shown(field.value), (const char *)field.value.data);
    // swoole_http_file_save() keeps one; what is not saved goes with its request.
    for (place = 0; swoole_http_request_next_file(request, &place, &file) && len + 400 < sizeof text;)
        len += (size_t)snprintf(text + len, sizeof text - len, "%.*s has %llu bytes\n", shown(file.file_name),
                                (const char *)file.file_name.data, (unsigned long long)file.size);
    swoole_http_response_header(response, "Content-Type", "text/plain; charset=utf-8");
    end(response, len > 0 ? text : "nothing was uploaded\n");
}

// An answer that takes its time: a timer sends its parts, and the worker serves others meanwhile.
struct counting {
    swoole_http_response *response;
    int next;
};

static void send_next(void *userdata, int64_t timer_id) {
    struct counting *counting = (struct counting *)userdata;
    char line[20];
    snprintf(line, sizeof line, "%d\n", counting->next++);
    if (counting->next <= 5 && swoole_http_response_write(counting->response, line, strlen(line)) == SWOOLE_OK) return;
    if (swoole_http_response_is_writable(counting->response)) end(counting->response, line); // else the client has gone
    swoole_http_response_free(counting->response);
    free(counting);
    swoole_timer_clear(timer_id);
}

static void begin_to_count(swoole_http_response *response) {
    struct counting *counting = (struct counting *)malloc(sizeof *counting);
    if (counting == NULL || swoole_http_response_keep(response) != SWOOLE_OK) {
        free(counting);
        return; // nobody answers: the client gets 500
    }
    counting->response = response;
    counting->next = 1;
    swoole_http_response_header(response, "Content-Type", "text/plain");
    swoole_timer_tick(200, send_next, counting, NULL);
}

static void on_request(void *userdata, swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    (void)userdata, (void)server;
    swoole_data path = swoole_http_request_path(request);
    if (swoole_data_is(path, "/")) greet(request, response);
    else if (swoole_data_is(path, "/upload")) take_upload(request, response);
    else if (swoole_data_is(path, "/count")) begin_to_count(response);
    else {
        swoole_http_response_status(response, 404, NULL);
        swoole_http_response_header(response, "Content-Type", "text/plain");
        end(response, "there is no such page\n");
    }
}

static void on_worker_start(void *userdata, swoole_server *server, int32_t worker_id) {
    (void)userdata;
    swoole_port_info port;
    if (worker_id != 0 || swoole_server_port_info(server, 0, &port) != SWOOLE_OK) return;
    printf("listening on 127.0.0.1:%u\n", (unsigned)port.port);
    fflush(stdout);
}

int main(int argc, char **argv) {
    int port = argc > 1 ? atoi(argv[1]) : 0;
    int mode = argc > 2 && strcmp(argv[2], "base") == 0 ? SWOOLE_BASE : SWOOLE_PROCESS;
    const char *directory = argc > 3 ? argv[3] : NULL;
    swoole_server *server = NULL;

    if (swoole_server_new(mode, &server) ||
        swoole_server_listen(server, "127.0.0.1", port, SWOOLE_SOCK_TCP, NULL) ||
        swoole_server_set_bool(server, "open_http_protocol", true) ||
        swoole_server_set_int(server, "worker_num", 2) ||
        // Files are sent without a handler; whoever asks never gets out of the directory.
        (directory && (swoole_server_set_bool(server, "enable_static_handler", true) ||
                       swoole_server_set_str(server, "document_root", directory))) ||
        swoole_server_on_worker_start(server, on_worker_start, NULL) ||
        swoole_server_on_request(server, on_request, NULL) ||
        swoole_server_start(server)) {
        fprintf(stderr, "http: %s\n", swoole_last_error_message());
        swoole_server_free(server);
        return 1;
    }
    swoole_server_free(server);
    return 0;
}
