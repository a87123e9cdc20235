#include <stdio.h>

/* The towers of Hanoi: five discs, one at a time, and never a larger one on a smaller. */
constexpr int discs = 5;

static unsigned place[discs];

static void draw(int move) {
    printf("%2d:", move);
    for (unsigned peg = 0; peg < 3; peg++) {
        printf("  |");
        for (int d = discs - 1; d >= 0; d--)
            if (place[d] == peg) printf("%d", d + 1);
    }
    putchar('\n');
}

int main(void) {
    draw(0);
    for (int move = 1; move < 1 << discs; move++) {
        int disc = __builtin_ctz(move);
        place[disc] = (place[disc] + (disc % 2 == discs % 2 ? 1 : 2)) % 3;
        if (move % 5 == 1) draw(move);
    }
}
