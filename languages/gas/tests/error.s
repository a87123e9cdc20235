    .section .text
    .globl _start
_start:
    mov nowhere(%rip), %rax
