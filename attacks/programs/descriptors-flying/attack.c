#include "common.h"
#include <sys/socket.h>
int main(void) {
    long sent = 0;
    int pair[2], null = open("/dev/null", O_RDONLY);
    if (null < 0 || socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) != 0) return done("no sockets");
    char room[CMSG_SPACE(200 * sizeof(int))];
    memset(room, 0, sizeof room);
    struct iovec one = {"x", 1};
    struct msghdr m = {.msg_iov = &one, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET; c->cmsg_type = SCM_RIGHTS; c->cmsg_len = CMSG_LEN(200 * sizeof(int));
    for (int i = 0; i < 200; i++) ((int *)CMSG_DATA(c))[i] = null;
    for (int pairs = 0; pairs < 1000; pairs++) {
        while (sendmsg(pair[0], &m, MSG_DONTWAIT) > 0) sent += 200;
        if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) != 0) break;
        if (sent > 500000) { breach("%ld descriptors in flight", sent); break; }
    }
    printf("%ld in flight\n", sent);
    return done("what flies is bounded, too");
}
