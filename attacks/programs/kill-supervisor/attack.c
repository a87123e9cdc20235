#include "common.h"
int main(void) {
    int signals[] = {SIGQUIT, SIGABRT, SIGTERM, SIGHUP, SIGINT, SIGSEGV, SIGBUS, SIGSYS, SIGTRAP, SIGSTOP, SIGUSR1, SIGPIPE, SIGPROF, SIGKILL};
    for (int pid = 1; pid < 200; pid++) {
        if (pid == getpid() || pid == getpgid(0) || pid == getppid()) continue;
        for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
            kill(pid, signals[i]); /* may succeed for a thread that has become our user; the engine must not care */
            syscall(SYS_tgkill, 1, pid, signals[i]);
            syscall(SYS_tkill, pid, signals[i]);
        }
    }
    usleep(300000);
    return done("process 1 and its threads live");
}
