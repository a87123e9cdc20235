#include "common.h"
#include <sys/resource.h>
int main(void) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, 0);
    for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
    struct rlimit r = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_CPU, &r);
    for (volatile long n = 0;; n++) if (n % 100000000 == 0 && fork() == 0) setsid();
}
