/* What the attacks in C have in common. */
#ifndef ATTACK_H
#define ATTACK_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static int breaches;

/* breach says, on a line of its own, what got through. */
__attribute__((format(printf, 1, 2), unused)) static void breach(const char *format, ...) {
    va_list args;
    va_start(args, format);
    printf("BREACH: ");
    vprintf(format, args);
    putchar('\n');
    va_end(args);
    fflush(stdout);
    breaches++;
}

/* skip says why this attack cannot be tried here. */
__attribute__((unused)) static int skip(const char *why) {
    printf("SKIP: %s\n", why);
    return 0;
}

/* TRY makes a call that must fail. */
#define TRY(call) do { errno = 0; long got_ = (long)(call); if (got_ >= 0) breach("%s = %ld", #call, got_); } while (0)

/* done ends main: what was refused is told, unless something was not. */
__attribute__((unused)) static int done(const char *what) {
    if (breaches == 0) printf("HARMLESS: %s\n", what);
    fflush(stdout);
    return breaches != 0;
}
#endif
