#include "common.h"
#include <grp.h>
#include <sys/fsuid.h>
#include <sys/xattr.h>
int main(int argc, char **argv) {
    (void)argc;
    if (argv[0] && strcmp(argv[0], "again") == 0) {
        if (geteuid() == 0 || getegid() == 0) breach("uid %d", geteuid());
        return 0;
    }
    if (getuid() == 0 || geteuid() == 0 || getgid() == 0) breach("runs as uid %d, gid %d", getuid(), getgid());
    gid_t groups[64];
    int n = getgroups(64, groups);
    for (int i = 0; i < n; i++) if (groups[i] == 0) breach("is in group 0");
    TRY(setuid(0));
    TRY(setgid(0));
    TRY(setreuid(0, 0));
    TRY(setresgid(0, 0, 0));
    TRY(setgroups(1, (gid_t[]){0}));
    setfsuid(0);
    if (setfsuid(-1) == 0) breach("the file system's user is root");
    const char *programs[] = {"/bin/su", "/usr/bin/su", "/usr/bin/sudo", "/usr/bin/mount", "/usr/bin/umount", "/usr/bin/passwd", "/usr/bin/chsh", "/usr/bin/newgrp", "/usr/bin/gpasswd",
        "/usr/bin/pkexec", "/usr/lib/openssh/ssh-keysign", "/usr/bin/ping", "/usr/bin/at", "/usr/bin/crontab", "/usr/bin/newuidmap"};
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        int pid = fork();
        if (pid == 0) {
            int null = open("/dev/null", O_RDWR);
            for (int fd = 0; fd < 3; fd++) dup2(null, fd);
            setenv("GCONV_PATH", ".", 1); /* as pkexec was fooled, CVE-2021-4034 */
            execl(programs[i], programs[i], "-c", "id", (char *)0);
            _exit(0);
        }
        for (int tries = 0; tries < 20; tries++) { /* is it root while it runs? */
            struct stat st;
            char path[64];
            snprintf(path, sizeof path, "/proc/%d", pid);
            if (stat(path, &st) == 0 && st.st_uid == 0 && access("/proc/self", F_OK) == 0 && waitpid(pid, 0, WNOHANG) == 0 && kill(pid, 0) != 0 && errno == EPERM)
                breach("%s runs as root", programs[i]);
            usleep(1000);
        }
        kill(pid, SIGKILL);
        waitpid(pid, 0, 0);
    }
    if (link("/proc/self/exe", "own") == 0 || symlink("/proc/self/exe", "own") == 0 || 1) {
        TRY(chown("main", 0, 0));
        chmod("main", 06755);
        char cap[20] = {1, 0, 0, 2, (char)0xff, (char)0xff, (char)0xff, (char)0xff};
        TRY(setxattr("main", "security.capability", cap, sizeof cap, 0));
        int pid = fork();
        if (pid == 0) { execl("/proc/self/exe", "again", (char *)0); _exit(0); }
        int status = 0;
        waitpid(pid, &status, 0);
    }
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) breach("no_new_privs is off");
    return done("stays who it is");
}
