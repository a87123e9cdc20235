#include "common.h"
#include <sys/inotify.h>
int main(void) {
    TRY(syscall(SYS_fanotify_init, 0, O_RDONLY));
    TRY(syscall(SYS_fanotify_init, 0x200 /* with file handles */, O_RDONLY));
    long watches = 0;
    int instances = 0;
    for (int fd; instances < 5000 && (fd = inotify_init1(IN_NONBLOCK)) >= 0; instances++)
        if (inotify_add_watch(fd, "/usr", IN_ALL_EVENTS) >= 0) watches++;
    printf("%d instances, %ld watches\n", instances, watches);
    if (instances >= 5000) breach("%d instances of inotify", instances);
    return done("nobody is watched for long");
}
