#include "common.h"
static int group_of(int pid) { return getpgid(pid); }
int main(int argc, char **argv) {
    int pid = atoi(argv[argc - 1]);
    if (pid > 1 && pid != getpid() && pid != getppid() && group_of(pid) != getpgid(0)) {
        TRY(kill(pid, 0));
        TRY(syscall(SYS_pidfd_open, pid, 0));
        TRY(kill(pid, SIGKILL));
        TRY(kill(-pid, SIGKILL));
        TRY(syscall(SYS_tgkill, pid, pid, SIGKILL));
        TRY(syscall(SYS_rt_sigqueueinfo, pid, SIGKILL, NULL));
    }
    return done("the host's process lives");
}
