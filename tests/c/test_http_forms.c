// HTTP servers: forms with files.
#include "http.h"

static char saved_path[64];

static void tell_form(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    char text[2048] = "";
    size_t place = 0;
    swoole_http_field field;
    swoole_http_file file;
    (void)server;
    while (swoole_http_request_next_form_value(request, &place, &field)) {
        append(text, sizeof text, "", field.name);
        append(text, sizeof text, "=", field.value);
        strcat(text, " ");
    }
    for (place = 0; swoole_http_request_next_file(request, &place, &file);) {
        append(text, sizeof text, "[", file.name);
        append(text, sizeof text, " ", file.file_name);
        append(text, sizeof text, " ", file.media_type);
        append(text, sizeof text, " ", file.content);
        snprintf(text + strlen(text), sizeof text - strlen(text), " %" PRIu64 " %s]", file.size, file.path ? "disk" : "memory");
        CHECK_OK(swoole_http_file_save(&file, saved_path));
    }
    CHECK(swoole_http_file_save(NULL, saved_path) == SWOOLE_ERROR_INVALID_PARAMS);
    end_with(response, text);
}

static const char *post_form(const char *form) {
    static char request[4096];
    int fd = dial();
    snprintf(request, sizeof request,
             "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=XyZ\r\nContent-Length: %zu\r\n\r\n%s",
             strlen(form), form);
    ask(fd, request);
    close(fd);
    return body;
}

static void check_saved(const char *wanted) {
    char text[100] = "";
    FILE *file = fopen(saved_path, "r");
    CHECK(file != NULL);
    if (file == NULL) return;
    CHECK(fread(text, 1, sizeof text - 1, file) == strlen(wanted));
    fclose(file);
    CHECK_TEXT(text, wanted);
    unlink(saved_path);
}

static void fields_and_files_of_a_form_are_told(void) {
    snprintf(saved_path, sizeof saved_path, "/tmp/swoole_rs_%d.saved", (int)getpid());
    serve_http(1, tell_form, NULL);
    CHECK_TEXT(post_form("--XyZ\r\nContent-Disposition: form-data; name=\"a b\"\r\n\r\n1 + 1\r\n"
                         "--XyZ\r\nContent-Disposition: form-data; name=\"f\"; filename=\"../x.txt\"\r\nContent-Type: text/plain\r\n\r\nline\r\n--Xy\r\n"
                         "--XyZ\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\n\r\n\r\n"
                         "--XyZ\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--XyZ--\r\n"),
               "a b=1 + 1 empty= [f ../x.txt text/plain line\r\n--Xy 10 memory]");
    check_saved("line\r\n--Xy");
    finish();
}

static void a_form_that_breaks_off_is_none(void) {
    serve_http(1, tell_form, NULL);
    CHECK_TEXT(post_form("--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--XyZ\r\nContent-Disp"), "");
    CHECK(status == 200);
    finish();
}

static void with_uploads(swoole_server *server) {
    CHECK_OK(swoole_server_set_int(server, "package_max_length", 65536));
    CHECK_OK(swoole_server_set_int(server, "upload_max_filesize", 1 << 20));
    CHECK_OK(swoole_server_set_str(server, "upload_tmp_dir", "/tmp"));
}

static void save_upload(swoole_server *server, swoole_http_request *request, swoole_http_response *response) {
    char text[1024] = "";
    size_t place = 0;
    swoole_http_file file;
    (void)server;
    CHECK(swoole_http_request_next_file(request, &place, &file));
    CHECK(file.path != NULL && file.content.data == NULL && file.size == 300000);
    CHECK(access(file.path, R_OK) == 0);
    snprintf(text, sizeof text, "%s", file.path);
    append(text, sizeof text, " ", swoole_http_request_form_value(request, "after"));
    if (swoole_data_is(swoole_http_request_query(request), "save")) CHECK_OK(swoole_http_file_save(&file, saved_path));
    CHECK(swoole_http_file_save(&file, "/no/such/place") != SWOOLE_OK);
    end_with(response, text);
}

static const char *post_a_large_file(const char *target) {
    static char content[300000];
    static const char before[] = "--XyZ\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n",
                      after[] = "\r\n--XyZ\r\nContent-Disposition: form-data; name=\"after\"\r\n\r\nyes\r\n--XyZ--\r\n";
    char start[300];
    int fd = dial();
    memset(content, 'c', sizeof content);
    snprintf(start, sizeof start, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=XyZ\r\nContent-Length: %zu\r\n\r\n",
             target, strlen(before) + sizeof content + strlen(after));
    say(fd, start, strlen(start));
    say(fd, before, strlen(before));
    say(fd, content, sizeof content);
    say(fd, after, strlen(after));
    CHECK(hear_answer(fd, true));
    close(fd);
    CHECK(status == 200);
    return body;
}

static void a_large_file_is_on_disk_until_its_request_ends(void) {
    char path[200] = "", rest[20] = "";
    struct stat info;
    snprintf(saved_path, sizeof saved_path, "/tmp/swoole_rs_%d.saved", (int)getpid());
    serve_http(1, save_upload, with_uploads);
    CHECK(sscanf(post_a_large_file("/"), "%199s %19s", path, rest) == 2);
    CHECK_TEXT(rest, "yes");
    CHECK(strncmp(path, "/tmp/", 5) == 0);
    CHECK(sscanf(post_a_large_file("/?save"), "%199s", path) == 1);
    CHECK(stat(saved_path, &info) == 0 && info.st_size == 300000);
    unlink(saved_path);
    finish();
    CHECK(access(path, F_OK) != 0);
}

static const struct test tests[] = {
    {"fields_and_files_of_a_form_are_told", fields_and_files_of_a_form_are_told},
    {"a_form_that_breaks_off_is_none", a_form_that_breaks_off_is_none},
    {"a_large_file_is_on_disk_until_its_request_ends", a_large_file_is_on_disk_until_its_request_ends},
};
RUN(tests)
