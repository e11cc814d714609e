// What the tests of WebSockets need: a client that speaks frames by hand.
#ifndef SWOOLE_TEST_WEBSOCKET_H
#define SWOOLE_TEST_WEBSOCKET_H

#include "http.h"

// Asks for a WebSocket and reads the answer; `headers` (each with its end) are sent too.
static MAYBE_UNUSED int ask_for_websocket(const char *headers) {
    char request[1024];
    int fd = dial();
    snprintf(request, sizeof request,
             "GET /ws?a=1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n",
             headers);
    ask(fd, request);
    return fd;
}

// An open WebSocket.
static MAYBE_UNUSED int dial_websocket(void) {
    int fd = ask_for_websocket("");
    CHECK(status == 101);
    CHECK_TEXT(header("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    return fd;
}

// Sends one frame, masked: its first byte and at most 125 bytes.
static MAYBE_UNUSED void say_frame(int fd, int first, const char *data, size_t len) {
    static const unsigned char mask[] = {0x12, 0x34, 0x56, 0x78};
    unsigned char frame[200];
    frame[0] = (unsigned char)first;
    frame[1] = (unsigned char)(0x80 | len);
    memcpy(frame + 2, mask, 4);
    for (size_t i = 0; i < len; i++) frame[6 + i] = (unsigned char)data[i] ^ mask[i % 4];
    say(fd, frame, 6 + len);
}

static MAYBE_UNUSED void say_text(int fd, const char *text) { say_frame(fd, 0x81, text, strlen(text)); }

// Reads one frame of at most 64 KiB, which ends with a NUL here; gives its first byte, -1 if there is none.
static char message[65536 + 1];
static size_t message_len;
static MAYBE_UNUSED int hear_frame(int fd) {
    unsigned char start[4];
    message_len = 0;
    message[0] = 0;
    if (!hear(fd, start, 2)) return -1;
    CHECK((start[1] & 0x80) == 0); // a server masks nothing
    message_len = start[1] & 0x7f;
    if (message_len == 126) {
        if (!hear(fd, start + 2, 2)) return -1;
        message_len = (size_t)start[2] << 8 | start[3];
    }
    CHECK(message_len <= 65536);
    if (!hear(fd, message, message_len)) return -1;
    message[message_len] = 0;
    return start[0];
}

// Reads a text message.
static MAYBE_UNUSED const char *hear_text(int fd) {
    CHECK(hear_frame(fd) == 0x81);
    return message;
}

// Reads a close; gives its code, 0 if it has none, -1 if none comes. Its reason goes to `message`.
static MAYBE_UNUSED int hear_close(int fd) {
    if (hear_frame(fd) != 0x88) return -1;
    if (message_len < 2) return 0;
    int code = (unsigned char)message[0] << 8 | (unsigned char)message[1];
    memmove(message, message + 2, message_len - 1);
    return code;
}

// In a callback: pushes a text.
static MAYBE_UNUSED void push_text(swoole_server *server, int64_t session, const char *text) {
    CHECK_OK(swoole_server_push(server, session, text, strlen(text), SWOOLE_WEBSOCKET_OPCODE_TEXT, SWOOLE_WEBSOCKET_FLAG_FIN));
}

#endif
