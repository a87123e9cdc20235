#include "common.h"
int main(void) {
    static char block[64 << 10];
    for (size_t i = 0; i < sizeof block; i++) block[i] = (char)(i * 7 % 255 == '\n' ? 0 : i * 7 % 255);
    for (;;) (void)!write(2, block, sizeof block);
}
