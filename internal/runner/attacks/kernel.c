/* Makes system calls that have no business in a sandbox; none may succeed. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRY(call) do { errno = 0; if ((long)(call) >= 0) printf("ESCAPED %s\n", #call); } while (0)

int main(void) {
    char buf[4096];
    TRY(unshare(CLONE_NEWUSER));
    TRY(unshare(CLONE_NEWNS));
    TRY(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
    TRY(syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0));
    TRY(mount("none", "/tmp", "tmpfs", 0, ""));
    TRY(mount("/", "/tmp", "", MS_BIND | MS_REC, ""));
    TRY(umount2("/proc", MNT_DETACH));
    TRY(syscall(SYS_pivot_root, "/", "/tmp"));
    TRY(chroot("/tmp"));
    TRY(syscall(SYS_open_tree, -100, "/", 1));
    TRY(syscall(SYS_fsopen, "tmpfs", 0));
    TRY(syscall(SYS_move_mount, -100, "/usr", -100, "/tmp", 0));
    TRY(syscall(SYS_mount_setattr, -100, "/usr", 0, buf, 32));
    TRY(syscall(SYS_setns, 0, 0));
    TRY(ptrace(PTRACE_TRACEME, 0, 0, 0));
    TRY(ptrace(PTRACE_ATTACH, 1, 0, 0));
    TRY(syscall(SYS_process_vm_readv, 1, buf, 1, buf, 1, 0));
    TRY(syscall(SYS_keyctl, 0, -3, 0));
    TRY(syscall(SYS_add_key, "user", "x", "y", 1, -3));
    TRY(syscall(SYS_request_key, "user", "x", 0, -3));
    TRY(syscall(SYS_io_uring_setup, 1, buf));
    TRY(syscall(SYS_userfaultfd, 0));
    TRY(syscall(SYS_bpf, 0, buf, 48));
    TRY(syscall(SYS_perf_event_open, buf, 0, -1, -1, 0));
    TRY(syscall(SYS_init_module, buf, 1, ""));
    TRY(syscall(SYS_kexec_load, 0, 0, 0, 0));
    TRY(syscall(SYS_reboot, 0xfee1dead, 0x28121969, 0));
    TRY(syscall(SYS_open_by_handle_at, -100, buf, 0));
    TRY(syscall(SYS_name_to_handle_at, -100, "/", buf, buf, 0));
    TRY(syscall(SYS_acct, "/tmp/x"));
    TRY(syscall(SYS_swapon, "/tmp/x", 0));
    TRY(syscall(SYS_quotactl, 0, 0, 0, 0));
    TRY(syscall(SYS_fanotify_init, 0, 0));
    TRY(syscall(SYS_kcmp, 1, 1, 0, 0, 0));
    TRY(syscall(SYS_pidfd_getfd, 0, 0, 0));
    TRY(syscall(SYS_clock_settime, 0, buf));
    TRY(sethostname("evil", 4));
    TRY(setuid(0));
    TRY(setgid(0));
    TRY(syscall(SYS_setgroups, 1, buf));
    TRY(kill(1, SIGKILL)); /* answers success from a sibling's view only if it may signal at all */
    TRY(kill(1, SIGTERM));
    TRY(setpriority(PRIO_PROCESS, 0, -10));
    TRY(ioctl(0, 0x5412 /* TIOCSTI */, "x"));
    TRY(prctl(PR_CAPBSET_DROP, 0, 0, 0, 0));
    TRY(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 21, 0, 0));
    TRY(mknod("/tmp/sda", S_IFBLK | 0666, 8 << 8));
    TRY(mknod("/tmp/mem", S_IFCHR | 0666, 1 << 8 | 1));
    struct rlimit r = {1 << 20, 1 << 20};
    TRY(setrlimit(RLIMIT_NOFILE, &r));
    struct rlimit core = {1 << 20, 1 << 20};
    TRY(setrlimit(RLIMIT_CORE, &core));
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) puts("ESCAPED no_new_privs is off");
    if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != 2) puts("ESCAPED no filter");
    /* clone3 must look as if it did not exist, or glibc would not fall back. */
    if (syscall(SYS_clone3, 0, 0) != -1 || errno != ENOSYS) printf("ESCAPED clone3: %s\n", strerror(errno));
    puts("HARMLESS");
    return 0;
}
