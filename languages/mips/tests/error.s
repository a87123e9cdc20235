        .text
        .globl main
main:
        grab $a0, nowhere
        li $v0, 10
        syscall
