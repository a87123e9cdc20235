#include "common.h"
#include <sys/ptrace.h>
#include <sys/uio.h>
int main(int argc, char **argv) {
    int pids[] = {1, getppid(), atoi(argv[argc - 1])};
    char buf[16];
    struct iovec here = {buf, sizeof buf}, there = {(void *)0x400000, sizeof buf};
    for (int i = 0; i < 3; i++) {
        if (pids[i] < 1) continue;
        TRY(ptrace(PTRACE_ATTACH, pids[i], 0, 0));
        TRY(ptrace(PTRACE_SEIZE, pids[i], 0, 0));
        TRY(syscall(SYS_process_vm_readv, pids[i], &here, 1, &there, 1, 0));
        TRY(syscall(SYS_process_vm_writev, pids[i], &here, 1, &there, 1, 0));
        TRY(syscall(SYS_kcmp, pids[i], getpid(), 2, 0, 0));
        int fd = syscall(SYS_pidfd_open, pids[i], 0);
        if (fd >= 0) {
            TRY(syscall(SYS_pidfd_getfd, fd, 0, 0));
            TRY(syscall(SYS_process_madvise, fd, &there, 1, 21 /* MADV_PAGEOUT */, 0));
            TRY(syscall(SYS_setns, fd, 0x10000000));
        }
    }
    return done("nobody can be traced");
}
