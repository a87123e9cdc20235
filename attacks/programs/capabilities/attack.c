#include "common.h"
#include <linux/capability.h>
int main(void) {
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct have[2] = {{0}}, all[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};
    syscall(SYS_capget, &head, have);
    if (have[0].effective | have[0].permitted | have[0].inheritable | have[1].effective | have[1].permitted) breach("capabilities %x %x", have[0].permitted, have[0].effective);
    TRY(syscall(SYS_capset, &head, all));
    for (int c = 0; c <= 40; c++) {
        TRY(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, c, 0, 0));
        if (prctl(PR_CAPBSET_READ, c, 0, 0, 0) == 1) breach("capability %d can be regained", c);
    }
    TRY(prctl(PR_SET_SECUREBITS, 1, 0, 0, 0));
    if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != 2) breach("no system call filter");
    if (prctl(PR_SET_SECCOMP, 0, 0, 0, 0) == 0) breach("the filter can be taken off");
    return done("no capability, and a filter for ever");
}
