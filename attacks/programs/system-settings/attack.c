#include "common.h"
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
int main(void) {
    struct timespec now;
    struct timeval day;
    clock_gettime(CLOCK_REALTIME, &now);
    gettimeofday(&day, 0);
    TRY(clock_settime(CLOCK_REALTIME, &now));
    TRY(settimeofday(&day, 0));
    struct timex t = {.modes = ADJ_TICK, .tick = 10000};
    TRY(adjtimex(&t));
    t.modes = ADJ_SETOFFSET;
    t.time = (struct timeval){0, 0};
    TRY(clock_adjtime(CLOCK_REALTIME, &t));
    TRY(sethostname("attack-mark", 11));
    TRY(setdomainname("attack-mark", 11));
    int fd = open("/tmp/swap", O_CREAT | O_RDWR, 0600);
    if (fd >= 0) (void)!write(fd, "swap", 4);
    TRY(syscall(SYS_swapon, "/tmp/swap", 0));
    TRY(syscall(SYS_swapoff, "/tmp/swap"));
    TRY(syscall(SYS_quotactl, 0x80000100, "/dev/vda", 0, 0));
    TRY(syscall(SYS_quotactl, 0x80000300, 0, 0, 0));
    TRY(syscall(SYS_acct, "/tmp/swap"));
    TRY(syscall(SYS_vhangup));
    return done("the machine stays as it is");
}
