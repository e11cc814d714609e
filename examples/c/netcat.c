// Talks to a TCP server: what is typed goes there, what comes back is printed.
//
// Without a loop: the client that waits, and swoole_select, which waits for the keyboard and the server at once.
//
// Build:  cc netcat.c $(pkg-config --cflags --libs swoole_rs) -o netcat
// Run:    ./netcat HOST PORT
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <swoole_rs.h>
#include <unistd.h>

int main(int argc, char **argv) {
    swoole_client *client = NULL;
    if (argc != 3) {
        fprintf(stderr, "usage: netcat HOST PORT\n");
        return 2;
    }
    if (swoole_client_new(SWOOLE_SOCK_TCP, &client) ||
        swoole_client_connect(client, argv[1], atoi(argv[2]), 10)) {
        fprintf(stderr, "netcat: %s\n", swoole_last_error_message());
        swoole_client_free(client);
        return 1;
    }
    swoole_selected list[] = {
        {swoole_client_descriptor(client), SWOOLE_EVENT_READ, 0},
        {STDIN_FILENO, SWOOLE_EVENT_READ, 0},
    };
    size_t count = 2; // 1 when the input has ended
    int code = 1;
    while (swoole_select(list, count, -1, NULL) == SWOOLE_OK) {
        if (list[0].ready) {
            const uint8_t *data;
            size_t len;
            if (swoole_client_recv(client, 0, 0, &data, &len) != SWOOLE_OK) break;
            if (len == 0) { // the server has ended the connection
                code = 0;
                break;
            }
            fwrite(data, 1, len, stdout);
            fflush(stdout);
        }
        if (count == 2 && list[1].ready) {
            char text[4096];
            ssize_t got = read(STDIN_FILENO, text, sizeof text);
            if (got > 0) {
                if (swoole_client_send(client, text, (size_t)got) != SWOOLE_OK) break;
            } else {
                // The server hears of the end, and may still answer.
                if (swoole_client_shutdown(client, SHUT_WR) != SWOOLE_OK) break;
                count = 1;
            }
        }
    }
    if (code != 0) fprintf(stderr, "netcat: %s\n", swoole_last_error_message());
    swoole_client_free(client);
    return code;
}
