#include "common.h"
#include <sys/sysmacros.h>
int main(void) {
    struct { const char *name; mode_t kind; dev_t number; } nodes[] = {{"mem", S_IFCHR, makedev(1, 1)}, {"kmem", S_IFCHR, makedev(1, 2)}, {"port", S_IFCHR, makedev(1, 4)},
        {"kmsg", S_IFCHR, makedev(1, 11)}, {"sda", S_IFBLK, makedev(8, 0)}, {"vda", S_IFBLK, makedev(254, 0)}, {"tun", S_IFCHR, makedev(10, 200)},
        {"fuse", S_IFCHR, makedev(10, 229)}, {"kvm", S_IFCHR, makedev(10, 232)}, {"null", S_IFCHR, makedev(1, 3)}};
    char path[64];
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
        const char *in[] = {"/tmp", "/work", "/dev/shm", "/dev"};
        for (int k = 0; k < 4; k++) {
            snprintf(path, sizeof path, "%s/attack-%s", in[k], nodes[i].name);
            TRY(mknod(path, nodes[i].kind | 0666, nodes[i].number));
        }
        if (i == 9) break; /* everybody may have /dev/null */
        snprintf(path, sizeof path, "/dev/%s", nodes[i].name);
        TRY(open(path, O_RDONLY));
    }
    const char *more[] = {"/dev/net/tun", "/dev/loop-control", "/dev/loop0", "/dev/mapper/control", "/dev/cpu/0/msr", "/dev/nvme0n1", "/dev/vda1", "/dev/dri/card0",
        "/dev/input/event0", "/dev/snd/timer", "/dev/uinput", "/dev/vhost-net", "/dev/vsock", "/dev/watchdog", "/dev/rtc0", "/dev/console", "/dev/tty0", "/dev/ttyS0",
        "/dev/vcs", "/dev/hpet", "/dev/userfaultfd", "/dev/io_uring", "/dev/binder"};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        TRY(open(more[i], O_RDONLY | O_NONBLOCK));
        TRY(open(more[i], O_WRONLY | O_NONBLOCK));
    }
    return done("no device but the harmless ones");
}
