/* The floor of fan-out: takes WebSocket clients and sends each line of its standard input to all of
   them as one text frame, by one send() each. No queue, no pings, nothing a server needs.

   Prints its port; then, for each line, the time (ns, CLOCK_MONOTONIC) when it began to send it. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FILES = 1 << 20, EVENTS = 256, NEWCOMER = 1, ENTERED = 2 };

static uint8_t known[FILES];
static int highest, poller;

static const char ACCEPTED[] =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"; /* of the crowd's one key */
static const char WELCOME[] = "\x81\x12{\"type\":\"welcome\"}";

static void watch(int fd)
{
    struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e);
}

static void answer(int fd)
{
    char words[8192];
    ssize_t got = recv(fd, words, sizeof words, 0);
    if (got <= 0) {
        known[fd] = 0;
        close(fd);
    } else if (known[fd] == NEWCOMER) {
        known[fd] = send(fd, ACCEPTED, sizeof ACCEPTED - 1, 0) > 0 ? ENTERED : 0;
        send(fd, WELCOME, sizeof WELCOME - 1, 0);
    }
}

static void admit(int listener)
{
    int fd, yes = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        known[fd] = NEWCOMER;
        highest = fd > highest ? fd : highest;
        watch(fd);
    }
}

static void broadcast(const char *words, size_t length)
{
    uint8_t frame[4200];
    struct timespec t;
    size_t head = length < 126 ? 2 : 4;
    clock_gettime(CLOCK_MONOTONIC, &t);
    frame[0] = 0x81;
    frame[1] = head == 2 ? (uint8_t)length : 126;
    if (head == 4) {
        frame[2] = (uint8_t)(length >> 8);
        frame[3] = (uint8_t)length;
    }
    memcpy(frame + head, words, length);
    for (int fd = 0; fd <= highest; fd++)
        if (known[fd] == ENTERED)
            send(fd, frame, head + length, MSG_NOSIGNAL | MSG_DONTWAIT);
    printf("%lld\n", t.tv_sec * 1000000000ll + t.tv_nsec);
    fflush(stdout);
}

static void obey(void)
{
    static char held[1 << 16];
    static size_t length;
    char *end;
    ssize_t got = read(0, held + length, sizeof held - length);
    if (got <= 0)
        exit(0);
    length += (size_t)got;
    while ((end = memchr(held, '\n', length))) {
        size_t line = (size_t)(end - held);
        if (line < 4096)
            broadcast(held, line);
        length -= line + 1;
        memmove(held, end + 1, length);
    }
}

int main(void)
{
    struct rlimit files;
    struct sockaddr_in here = {.sin_family = AF_INET};
    struct epoll_event found[EVENTS];
    socklen_t size = sizeof here;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (bind(listener, (struct sockaddr *)&here, sizeof here) || listen(listener, 4096)) {
        perror("floor");
        return 1;
    }
    getsockname(listener, (struct sockaddr *)&here, &size);
    poller = epoll_create1(0);
    watch(listener);
    watch(0);
    printf("%d\n", ntohs(here.sin_port));
    fflush(stdout);
    for (;;) {
        int number = epoll_wait(poller, found, EVENTS, -1);
        for (int i = 0; i < number; i++) {
            if (found[i].data.fd == listener)
                admit(listener);
            else if (found[i].data.fd == 0)
                obey();
            else
                answer(found[i].data.fd);
        }
    }
}
