#include <stdio.h>

/* A machine with a stack: its program is an array of numbers, and runs in a loop. */
enum { PUSH, OVER, ADD, SWAP, PRINT, LOOP, STOP };

static const int code[] = {
    PUSH,  0,    PUSH, 1,   /* two numbers of Fibonacci */
    PRINT, SWAP, OVER, ADD, /* print the last one; a, b becomes b, a + b */
    LOOP,  4,    STOP,
};

int main(void) {
    int stack[8], top = 0, at = 0, rounds = 20;
    for (;;) {
        switch (code[at++]) {
        case PUSH:
            stack[top++] = code[at++];
            break;
        case OVER:
            stack[top] = stack[top - 2];
            top++;
            break;
        case ADD:
            top--;
            stack[top - 1] += stack[top];
            break;
        case SWAP: {
            int last = stack[top - 1];
            stack[top - 1] = stack[top - 2];
            stack[top - 2] = last;
            break;
        }
        case PRINT:
            printf("%d ", stack[top - 1]);
            break;
        case LOOP:
            at = --rounds ? code[at] : at + 1;
            break;
        case STOP:
            putchar('\n');
            return 0;
        }
    }
}
