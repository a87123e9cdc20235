/* Makes a 32-bit system call, whose number a 64-bit filter would misread: 20 is getpid there and writev here. */
#include <stdio.h>
int main(void) {
    long r;
    fflush(stdout);
    __asm__ volatile("int $0x80" : "=a"(r) : "a"(20L) : "memory");
    printf("ESCAPED %ld\n", r);
}
