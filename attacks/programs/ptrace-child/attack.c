#include "common.h"
#include <sys/ptrace.h>
#include <sys/user.h>
int main(void) {
    int child = fork();
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0) _exit(7);
        raise(SIGSTOP);
        syscall(SYS_getppid); /* becomes unshare(CLONE_NEWUSER) if the tracer gets its way */
        _exit(syscall(SYS_getppid) == 0 ? 1 : 0);
    }
    int status;
    waitpid(child, &status, 0);
    if (!WIFSTOPPED(status)) return done("tracing is refused");
#ifdef __x86_64__
    int changed = 0;
    for (int i = 0; i < 20; i++) {
        if (ptrace(PTRACE_SYSCALL, child, 0, 0) != 0 || waitpid(child, &status, 0) < 0 || !WIFSTOPPED(status)) break;
        struct user_regs_struct r;
        if (ptrace(PTRACE_GETREGS, child, 0, &r) != 0) break;
        if (r.orig_rax == SYS_getppid && !changed) {
            r.orig_rax = SYS_unshare;
            r.rdi = CLONE_NEWUSER;
            ptrace(PTRACE_SETREGS, child, 0, &r);
            changed = 1;
        } else if (changed && r.orig_rax == SYS_unshare) {
            if ((long)r.rax == 0) breach("the child has a user namespace of its own");
            break;
        }
    }
#endif
    kill(child, SIGKILL);
    return done("the filter looks after the tracer"); /* as kernels since 4.8 do */
}
