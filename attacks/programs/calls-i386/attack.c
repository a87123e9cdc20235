#include "common.h"
int main(void) {
#ifdef __x86_64__
    long r;
    __asm__ volatile("int $0x80" : "=a"(r) : "a"(20L /* getpid there, writev here */) : "memory", "r8", "r9", "r10", "r11");
    if (r == -38) return skip("this kernel has no 32-bit calls");
    breach("int 0x80: %ld", r);
    __asm__ volatile("int $0x80" : "=a"(r) : "a"(310L /* unshare there */), "b"(0x10000000L) : "memory", "r8", "r9", "r10", "r11");
    if (r == 0) breach("a user namespace by int 0x80");
    return 1;
#else
    return skip("only on x86");
#endif
}
