#include "common.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
int main(void) {
    TRY(shmget(0x0a77ac4, 0, 0));
    TRY(semget(0x0a77ac4, 0, 0));
    TRY(msgget(0x0a77ac4, 0));
    for (int i = 0; i < 64; i++) { /* and those of everybody else, by their position */
        struct shmid_ds d;
        TRY(shmctl(i, SHM_STAT, &d));
    }
    return done("nothing of the earlier job");
}
