#include "common.h"
#include <sys/ioctl.h>
int main(void) {
    int tty = open("/dev/tty", O_RDWR);
    for (int fd = -1; fd < 3; fd++) {
        int at = fd < 0 ? tty : fd;
        char paste[] = "\003", *c;
        for (c = "id\n"; *c; c++) TRY(ioctl(at, 0x5412 /* TIOCSTI */, c));
        TRY(ioctl(at, 0x541c /* TIOCLINUX */, paste));
        TRY(ioctl(at, 0x541d /* TIOCCONS */, 0));
        long wide = (long)0xdead00005412; /* the upper half is not looked at by the kernel, and must not fool a filter */
        TRY(syscall(SYS_ioctl, at, wide, "x"));
    }
    return done("nobody types but people");
}
