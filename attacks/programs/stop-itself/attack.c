#include "common.h"
int main(void) {
    for (;;) { kill(0, SIGSTOP); raise(SIGSTOP); }
}
