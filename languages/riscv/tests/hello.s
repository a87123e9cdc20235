    .data
text:   .ascii "Hello, world!\n"
    .equ length, . - text

    .text
    .globl _start
_start:
    li a0, 1
    la a1, text
    li a2, length
    li a7, 64
    ecall
    li a0, 0
    li a7, 93
    ecall
