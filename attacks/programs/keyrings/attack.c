#include "common.h"
int main(void) {
    char buf[64];
    TRY(syscall(SYS_add_key, "user", "attack-mark", "x", 1, -3));
    TRY(syscall(SYS_request_key, "user", "attack-mark", 0, -3));
    for (int command = 0; command < 31; command++) TRY(syscall(SYS_keyctl, command, -3, buf, sizeof buf, 0));
    return done("no keyrings");
}
