#include "common.h"
#include <sys/mman.h>
int main(void) {
    static char block[1 << 20];
    memset(block, 1, sizeof block);
    long mib = 0;
    for (int fd; (fd = memfd_create("x", 0)) >= 0;) {
        for (int i = 0; i < 32 && write(fd, block, sizeof block) == sizeof block; i++) mib++;
        if (mib > 2048) { breach("%ld MiB", mib); break; }
    }
    printf("%ld MiB\n", mib);
    return done("anonymous files are bounded");
}
