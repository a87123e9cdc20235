#include "common.h"
int main(int argc, char **argv) {
    char *next[] = {argv[0], "next", 0};
    if (argc == 1) {
        for (int i = 0; i < 8; i++) if (fork() == 0) execv("/proc/self/exe", next);
        for (;;) pause();
    }
    if (fork() == 0) { setsid(); execv("/proc/self/exe", next); }
    _exit(0);
}
