#include "common.h"
#include <sys/ipc.h>
#include <sys/shm.h>
int main(int argc, char **argv) {
    int id = shmget((key_t)strtol(argv[argc - 1], 0, 0), 0, 0);
    if (id >= 0) {
        char *at = shmat(id, 0, 0);
        breach("segment %d: %.60s", id, at == (void *)-1 ? "cannot be attached" : at);
        if (at != (void *)-1) strcpy(at, "overwritten");
        shmctl(id, IPC_RMID, 0);
    }
    return done("the host's segment is not there");
}
