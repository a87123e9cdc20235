#include "common.h"
int main(void) {
    TRY(kill(1, SIGKILL));
    TRY(kill(1, SIGTERM));
    TRY(kill(1, SIGSTOP));
    if (getppid() > 1) TRY(kill(getppid(), SIGKILL));
    kill(-1, SIGKILL); /* may find nobody; what it must not find is told by whether the engine still serves */
    for (int pid = 2; pid < 70000; pid++) kill(pid, pid == getpid() || pid == getpgid(0) ? 0 : SIGKILL);
    return done("nobody died");
}
