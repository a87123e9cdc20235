#include "common.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
int main(void) {
    int shm = shmget(0x0a77ac4, 4096, IPC_CREAT | 0666);
    char *at = shm < 0 ? (void *)-1 : shmat(shm, 0, 0);
    if (at != (void *)-1) strcpy(at, "planted");
    int sem = semget(0x0a77ac4, 1, IPC_CREAT | 0666), queue = msgget(0x0a77ac4, IPC_CREAT | 0666);
    printf("shared memory %d, semaphore %d, queue %d\n", shm, sem, queue);
    return done("left what could be left");
}
