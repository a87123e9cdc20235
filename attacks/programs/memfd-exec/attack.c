#include "common.h"
#include <sys/mman.h>
int main(int argc, char **argv) {
    (void)argc;
    if (strcmp(argv[0], "inside") == 0) {
        if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) breach("no_new_privs is off");
        if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != 2) breach("no filter");
        if (geteuid() == 0) breach("is root");
        TRY(unshare(CLONE_NEWUSER));
        TRY(open("/etc/shadow", O_RDONLY));
        return done("what is in memory is confined as well");
    }
    int self = open("/proc/self/exe", O_RDONLY), fd = memfd_create("x", 0);
    char block[4096];
    for (long n; (n = read(self, block, sizeof block)) > 0;) (void)!write(fd, block, n);
    char *args[] = {"inside", 0}, *env[] = {0};
    syscall(SYS_execveat, fd, "", args, env, AT_EMPTY_PATH);
    return done("it cannot be run");
}
