        .data
buffer: .space 256

        .text
        .globl main
main:
        la $a0, buffer
        sb $zero, 0($a0)        # nothing is put there at the end of the input
        li $a1, 256
        li $v0, 8               # read a line
        syscall
        lb $t0, buffer
        beqz $t0, done
        la $a0, buffer
        li $v0, 4
        syscall
        j main
done:
        li $v0, 10
        syscall
