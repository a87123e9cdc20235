#include "common.h"
int main(void) {
    char attr[128] = {0};
    for (int command = 0; command < 37; command++) TRY(syscall(SYS_bpf, command, attr, sizeof attr));
    attr[0] = 1; /* software events */
    attr[4] = 112;
    TRY(syscall(SYS_perf_event_open, attr, 0, -1, -1, 0));
    TRY(syscall(SYS_perf_event_open, attr, -1, 0, -1, 0));
    TRY(syscall(SYS_lookup_dcookie, 0, attr, sizeof attr));
    return done("neither bpf nor perf");
}
