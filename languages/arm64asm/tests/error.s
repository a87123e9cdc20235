    .text
    .globl _start
_start:
    mov x0, #apples
