#include <stdio.h>
int main(void) { puts("żółw 🐢 日本語"); }
