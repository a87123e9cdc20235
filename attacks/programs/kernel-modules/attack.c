#include "common.h"
#include <linux/reboot.h>
int main(void) {
    TRY(syscall(SYS_init_module, "x", 1, ""));
    TRY(syscall(SYS_finit_module, 0, "", 0));
    TRY(syscall(SYS_delete_module, "none", 0));
    TRY(syscall(SYS_kexec_load, 0, 0, 0, 0));
    TRY(syscall(SYS_kexec_file_load, 0, 0, 0, "", 0));
    TRY(syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_CAD_OFF, 0));
    TRY(syscall(SYS_syslog, 3, (char[64]){0}, 64));
    TRY(syscall(SYS_syslog, 10, 0, 0));
#ifdef __x86_64__
    TRY(syscall(SYS_iopl, 3));
    TRY(syscall(SYS_ioperm, 0, 8, 1));
    TRY(syscall(SYS_modify_ldt, 1, (char[16]){0}, 16));
#endif
    return done("the kernel stays as it is");
}
