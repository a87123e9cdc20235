#include "common.h"
int main(void) {
    int n = 0, pid;
    while ((pid = fork()) >= 0) {
        if (pid == 0) _exit(0);
        if (++n > 20000) { breach("%d dead processes kept", n); break; }
    }
    printf("%d dead processes\n", n);
    return done("they count as processes");
}
