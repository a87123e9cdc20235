#include "common.h"
#include <sys/resource.h>
int main(int argc, char **argv) {
    struct { const char *name; int what; rlim_t more; } kinds[] = {{"open files", RLIMIT_NOFILE, 1 << 20}, {"core files", RLIMIT_CORE, RLIM_INFINITY},
        {"locked memory", RLIMIT_MEMLOCK, RLIM_INFINITY}, {"file size", RLIMIT_FSIZE, RLIM_INFINITY}, {"message queues", RLIMIT_MSGQUEUE, RLIM_INFINITY},
        {"signals", RLIMIT_SIGPENDING, RLIM_INFINITY}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct rlimit now, more = {kinds[i].more, kinds[i].more};
        getrlimit(kinds[i].what, &now);
        if (now.rlim_max >= kinds[i].more) breach("%s: %lu from the start", kinds[i].name, (unsigned long)now.rlim_max);
        if (setrlimit(kinds[i].what, &more) == 0) breach("%s: raised", kinds[i].name);
    }
    struct rlimit none = {0, 0};
    int others[] = {1, getppid(), atoi(argv[argc - 1])};
    for (int i = 0; i < 3; i++)
        if (others[i] > 0 && others[i] != getpid()) TRY(prlimit(others[i], RLIMIT_NOFILE, &none, 0));
    return done("limits stay");
}
