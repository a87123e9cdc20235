        .data
text:   .asciiz "Grüße, 世界 🌍\n"

        .text
        .globl main
main:
        la $a0, text
        li $v0, 4
        syscall
        li $v0, 10
        syscall
