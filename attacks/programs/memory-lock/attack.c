#include "common.h"
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
int main(void) {
    struct rlimit r = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_MEMLOCK, &r);
    char *at = mmap(0, 1L << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at != MAP_FAILED) TRY(mlock(at, 1L << 30));
    TRY(shmget(1, 1L << 30, 01000 | 04000 | 0666)); /* huge pages */
    if (mmap(0, 64L << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0) != MAP_FAILED) breach("64 MiB mapped and locked");
    return done("memory is not locked");
}
