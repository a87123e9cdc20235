    .section .data
text:   .ascii "Hello, world!\n"
    .equ length, . - text

    .section .text
    .globl _start
_start:
    mov $1, %eax
    mov $1, %edi
    lea text(%rip), %rsi
    mov $length, %edx
    syscall
    mov $60, %eax
    xor %edi, %edi
    syscall
