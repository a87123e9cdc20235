#include "common.h"
#include <sys/mman.h>
int main(void) {
    signal(SIGXFSZ, SIG_IGN);
    int fd = open("attack-mark", O_CREAT | O_RDWR, 0600);
    TRY(ftruncate(fd, 1L << 50));
    TRY(fallocate(fd, 0, 0, 8L << 30));
    TRY(pwrite(fd, "x", 1, 1L << 50));
    close(fd);
    unlink("attack-mark");
    return done("a file has a largest size");
}
