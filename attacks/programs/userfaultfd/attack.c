#include "common.h"
int main(void) {
    TRY(syscall(SYS_userfaultfd, 0));
    TRY(syscall(SYS_userfaultfd, 1 /* user mode only */));
    TRY(open("/dev/userfaultfd", O_RDWR));
    return done("no userfaultfd");
}
