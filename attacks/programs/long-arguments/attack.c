#include "common.h"
int main(int argc, char **argv) {
    int round = argc > 1 && argv[1][0] == '#' ? atoi(argv[1] + 1) : 0;
    if (round == 30) return done("thirty times two megabytes");
    static char word[100000], number[16];
    memset(word, 'x', sizeof word - 1);
    char *args[20] = {argv[0], number}, *env[20];
    for (size_t words = 17; words > 0; words--) {
        snprintf(number, sizeof number, "#%d", round + 1);
        for (size_t i = 0; i < 18; i++) { args[2 + i] = i < words / 2 ? word : 0; env[i] = i < words - words / 2 ? word : 0; }
        args[19] = 0;
        execve("/proc/self/exe", args, env);
    }
    return done("the kernel has had enough");
}
