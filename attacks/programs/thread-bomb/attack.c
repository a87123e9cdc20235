#include "common.h"
#include <pthread.h>
static void *rest(void *x) { for (;;) pause(); return x; }
int main(void) {
    int n = 0;
    pthread_t t;
    while (pthread_create(&t, NULL, rest, NULL) == 0) n++;
    printf("%d threads\n", n);
    if (n > 4096) breach("%d threads", n);
    fflush(stdout);
    _exit(7);
}
