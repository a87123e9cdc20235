#include "common.h"
#include <sys/ioctl.h>
int main(void) {
    char path[64], own[64] = "";
    if (ttyname(0)) snprintf(own, sizeof own, "%s", ttyname(0));
    for (int i = 0; i < 64; i++) {
        snprintf(path, sizeof path, "/dev/pts/%d", i);
        if (strcmp(path, own) == 0) continue;
        int fd = open(path, O_RDWR | O_NOCTTY);
        if (fd >= 0) {
            breach("opened %s", path);
            TRY(ioctl(fd, TIOCSCTTY, 1));
        }
    }
    const char *consoles[] = {"/dev/console", "/dev/tty0", "/dev/tty1", "/dev/ttyS0", "/dev/hvc0"};
    for (int i = 0; i < 5; i++) TRY(open(consoles[i], O_RDWR | O_NOCTTY | O_NONBLOCK));
    return done("no terminal of anybody else");
}
