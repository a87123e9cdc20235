#include "common.h"
#include <mqueue.h>
#include <semaphore.h>
#include <sys/mman.h>
int main(void) {
    int fd = shm_open("/attack-mark", O_CREAT | O_RDWR, 0666);
    if (fd >= 0) (void)!write(fd, "planted", 7);
    sem_open("/attack-mark", O_CREAT, 0666, 1);
    mqd_t q = mq_open("/attack-mark", O_CREAT | O_RDWR, 0666, NULL);
    if (q != (mqd_t)-1) mq_send(q, "planted", 7, 0);
    printf("memory %d, queue %d\n", fd, (int)q);
    return done("left what could be left");
}
