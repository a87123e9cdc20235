#include "common.h"
int main(void) {
    char params[256] = {0};
    TRY(syscall(425 /* io_uring_setup */, 4, params));
    TRY(syscall(426 /* io_uring_enter */, 0, 0, 0, 0, 0));
    TRY(syscall(427 /* io_uring_register */, 0, 0, 0, 0));
    TRY(syscall(427, -1, 32, 0, 0));
    return done("no io_uring");
}
