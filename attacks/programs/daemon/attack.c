#include "common.h"
int main(void) {
    if (fork()) return done("the parent is gone, the daemon should be, too");
    setsid();
    if (fork()) _exit(0);
    for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
    prctl(PR_SET_NAME, "attack-mark");
    for (int i = 0; i < 60; i++) sleep(1);
}
