    .text
    .globl _start
_start:
    li a0, 1
    grab a1, nowhere
