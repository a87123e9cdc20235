#include "common.h"
int main(int argc, char **argv) {
    const char *names[] = {"main.c", "2-look.c", "attack.c", "run", "compile", "script", "stdin", "stdout", "stderr", "output", "metadata", "main", "box", "../stdout", "../main.c"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        unlink(names[i]);
        (void)!symlink(argv[argc - 1], names[i]);
    }
    rmdir("/work");
    rename("/work", "/tmp/moved");
    (void)!symlink("/etc", "/work");
    return done("links lie in wait");
}
