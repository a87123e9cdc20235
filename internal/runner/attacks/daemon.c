/* Leaves a process behind that has cut all ties, ignores signals and holds the output open. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>
int main(void) {
    if (fork()) { puts("HARMLESS"); return 0; }
    setsid();
    if (fork()) _exit(0);
    for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
    prctl(PR_SET_NAME, "left-behind");
    for (;;) sleep(60);
}
