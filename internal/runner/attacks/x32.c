/* Makes a system call of the x32 interface, which has the same architecture but other numbers. */
#include <stdio.h>
#include <unistd.h>
int main(void) { printf("ESCAPED %ld\n", syscall(0x40000000L + 39)); }
