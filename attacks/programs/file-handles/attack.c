#include "common.h"
int main(void) {
    struct { struct file_handle head; unsigned char room[128]; } h = {{.handle_bytes = 128}};
    int mount;
    const char *paths[] = {"/", "/usr", "/work", "/tmp", "/proc", "/etc/hosts"};
    for (int i = 0; i < 6; i++) {
        h.head.handle_bytes = 128;
        int fd = open(paths[i], O_RDONLY);
        if (name_to_handle_at(AT_FDCWD, paths[i], &h.head, &mount, 0) == 0) TRY(open_by_handle_at(fd, &h.head, O_RDONLY));
        h.head.handle_bytes = 8;
        h.head.handle_type = 1;
        *(unsigned *)h.head.f_handle = 2; /* the root of ext4 */
        TRY(open_by_handle_at(fd, &h.head, O_RDONLY));
    }
    return done("no file without a path");
}
