#include "common.h"
#include <sys/socket.h>
static char block[64 << 10];
static long fill(int fd) {
    long sum = 0, n;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    while ((n = write(fd, block, sizeof block)) > 0) sum += n;
    return sum;
}
int main(void) {
    long bytes = 0;
    for (int children = 0; children < 16; children++) {
        if (fork() != 0) continue;
        int ends[2];
        for (long own = 0; pipe(ends) == 0;) {
            fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
            own += fill(ends[1]);
            if (own > 1L << 30) { breach("%ld bytes in pipes of one process", own); _exit(1); }
        }
        pause();
    }
    int pair[2], big = 64 << 20;
    while (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0) {
        setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &big, sizeof big);
        bytes += fill(pair[0]);
    }
    printf("%ld bytes\n", bytes);
    return done("buffers are bounded");
}
