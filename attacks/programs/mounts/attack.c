#include "common.h"
#include <sys/mount.h>
int main(void) {
    char attr[32] = {0};
    mkdir("/tmp/new", 0755);
    TRY(mount("none", "/tmp/new", "tmpfs", 0, ""));
    TRY(mount("proc", "/tmp/new", "proc", 0, ""));
    TRY(mount("sysfs", "/tmp/new", "sysfs", 0, ""));
    TRY(mount("/", "/tmp/new", "", MS_BIND | MS_REC, ""));
    TRY(mount("", "/", "", MS_REMOUNT | MS_BIND, ""));
    TRY(mount("", "/usr", "", MS_REMOUNT | MS_BIND, ""));
    TRY(mount("", "/", "", MS_REC | MS_SHARED, ""));
    TRY(mount("/dev/vda", "/tmp/new", "ext4", 0, ""));
    TRY(mount("overlay", "/tmp/new", "overlay", 0, "lowerdir=/usr,upperdir=/tmp,workdir=/work"));
    TRY(mount("fuse", "/tmp/new", "fuse", 0, "fd=0,rootmode=40000,user_id=0,group_id=0"));
    TRY(mount("cgroup", "/tmp/new", "cgroup", 0, "memory"));
    TRY(mount("cgroup2", "/tmp/new", "cgroup2", 0, ""));
    TRY(umount2("/proc", MNT_DETACH));
    TRY(umount2("/proc/sys", MNT_DETACH));
    TRY(umount2("/proc/kcore", MNT_DETACH));
    TRY(umount2("/", MNT_DETACH));
    TRY(chroot("/tmp"));
    TRY(syscall(SYS_pivot_root, "/tmp", "/tmp/new"));
    TRY(syscall(SYS_open_tree, AT_FDCWD, "/", 1 /* clone */));
    TRY(syscall(SYS_fsopen, "tmpfs", 0));
    TRY(syscall(SYS_fspick, AT_FDCWD, "/", 0));
    TRY(syscall(SYS_move_mount, AT_FDCWD, "/usr", AT_FDCWD, "/tmp/new", 0));
    TRY(syscall(SYS_mount_setattr, AT_FDCWD, "/usr", 0, attr, sizeof attr));
    return done("everything stays where it is");
}
