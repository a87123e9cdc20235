#include "common.h"
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/time.h>
#define ZERO_PAGE 0x0100000 /* MMAP_PAGE_ZERO */
int main(void) {
    if (mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) breach("address 0 is mapped");
    TRY(personality(ZERO_PAGE));
    TRY(personality(0x0040000 /* no random addresses, which makes others' tricks easy */ | 0x0400000 /* what can be read can be run */));
#ifdef __x86_64__
    int pid = fork(); /* an emulated page at a fixed address; where there is none, the child dies of it */
    if (pid == 0) {
        struct timeval now;
        ((long (*)(struct timeval *, void *))0xffffffffff600000)(&now, 0);
        _exit(0);
    }
    waitpid(pid, 0, 0);
#endif
    return done("no old tricks");
}
