#include "common.h"
#include <mqueue.h>
#include <semaphore.h>
#include <sys/mman.h>
int main(void) {
    TRY(shm_open("/attack-mark", O_RDWR, 0));
    if (sem_open("/attack-mark", 0) != SEM_FAILED) breach("the semaphore is there");
    TRY(mq_open("/attack-mark", O_RDONLY));
    return done("nothing of the earlier job");
}
