#include <stdio.h>

int main(void) { puts("Grüße, 世界 🌍"); }
