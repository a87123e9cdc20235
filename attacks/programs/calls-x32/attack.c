#include "common.h"
int main(void) {
#ifdef __x86_64__
    for (long n = 0; n < 600; n++) {
        if (n == 15 || n == 34 || n == 56 || n == 57 || n == 58 || n == 59 || n == 60 || n == 231 || n == 219 || n == 0 || n == 35) continue; /* would wait or end */
        errno = 0;
        if (syscall(0x40000000L + n, 0, 0, 0, 0, 0, 0) >= 0) breach("x32 call %ld", n);
    }
    return done("no call of the x32 interface");
#else
    return skip("only on x86");
#endif
}
