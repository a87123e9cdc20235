#include "common.h"
#include <sys/resource.h>
int main(void) {
    for (int n = -20; n < 0; n++) {
        errno = 0;
        if (setpriority(PRIO_PROCESS, 0, n) == 0 && getpriority(PRIO_PROCESS, 0) < 0) breach("nice %d", n);
    }
    struct sched_param p = {.sched_priority = 1};
    TRY(sched_setscheduler(0, SCHED_FIFO, &p));
    TRY(sched_setscheduler(0, SCHED_RR, &p));
    struct { unsigned size, policy; unsigned long flags; int nice; unsigned priority; unsigned long runtime, deadline, period; } a = {
        48, 6 /* deadline */, 0, 0, 0, 10000000, 30000000, 30000000};
    TRY(syscall(SYS_sched_setattr, 0, &a, 0));
    TRY(syscall(SYS_ioprio_set, 1, 0, 1 << 13 /* real time */));
    struct rlimit r = {40, 40};
    TRY(setrlimit(RLIMIT_NICE, &r));
    TRY(setrlimit(RLIMIT_RTPRIO, &r));
    int fd = open("/proc/self/oom_score_adj", O_RDWR);
    if (fd >= 0) TRY(write(fd, "-1000", 5));
    TRY(setpriority(PRIO_PROCESS, 1, 19));
    for (int who = 1; who < 5; who++) TRY(setpriority(PRIO_USER, who, 19));
    return done("stays at the back");
}
