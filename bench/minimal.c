/* The yardstick of bench/run: one thread, edge-triggered epoll, read then write of a fixed answer; with a second argument, of what
 * was read, and a client that ends a connection leaves no TIME-WAIT behind: it is reset. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static const char answer[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!";

int main(int argc, char **argv) {
    int one = 1, echo = argc > 2, ep = epoll_create1(0), listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argc > 1 ? argv[1] : "9501")),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event ev = {.events = EPOLLIN, .data.fd = listener}, events[256];
    struct linger reset = {.l_onoff = echo};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(listener, SOL_SOCKET, SO_LINGER, &reset, sizeof reset); /* accepted sockets inherit it */
    if (bind(listener, (struct sockaddr *)&at, sizeof at) || listen(listener, 512)) return 1;
    epoll_ctl(ep, EPOLL_CTL_ADD, listener, &ev);
    for (;;) {
        for (int i = 0, n = epoll_wait(ep, events, 256, -1); i < n; i++) {
            int fd = events[i].data.fd;
            char buffer[8192];
            if (fd == listener) {
                while ((ev.data.fd = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0) {
                    ev.events = EPOLLIN | EPOLLET;
                    epoll_ctl(ep, EPOLL_CTL_ADD, ev.data.fd, &ev);
                }
            } else {
                ssize_t got = read(fd, buffer, sizeof buffer);
                if (got <= 0 || (echo ? write(fd, buffer, got) : write(fd, answer, sizeof answer - 1)) < 0) close(fd);
            }
        }
    }
}
