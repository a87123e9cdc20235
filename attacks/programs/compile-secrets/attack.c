#include "common.h"
#include "{file}"
#include "/etc/shadow"
__asm__(".incbin \"{file}\"");
int main(void) { return done("the compiler found nothing"); }
