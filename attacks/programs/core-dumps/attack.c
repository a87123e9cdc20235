#include "common.h"
#include <sys/resource.h>
int main(void) {
    struct rlimit core = {RLIM_INFINITY, RLIM_INFINITY};
    TRY(setrlimit(RLIMIT_CORE, &core));
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    int pid = fork(), status;
    if (pid == 0) abort();
    waitpid(pid, &status, 0);
    if (WCOREDUMP(status)) breach("a core file was written");
    fflush(stdout);
    abort();
}
