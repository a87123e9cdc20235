# A hailstone: it climbs and falls, and always seems to land on 1.
        .data
start:  .word 11
arrow:  .asciiz " → "
end:    .asciiz "\n"
after:  .asciiz " steps\n"

        .text
        .globl main
main:
        lw $s0, start           # where it is
        li $s1, 0               # how often it moved
next:
        move $a0, $s0
        li $v0, 1               # print a number
        syscall
        beq $s0, 1, landed

        la $a0, arrow
        li $v0, 4               # print text
        syscall
        addi $s1, $s1, 1
        andi $t0, $s0, 1
        bnez $t0, odd
        srl $s0, $s0, 1
        j next
odd:
        mul $s0, $s0, 3
        addi $s0, $s0, 1
        j next

landed:
        la $a0, end
        li $v0, 4
        syscall
        move $a0, $s1
        li $v0, 1
        syscall
        la $a0, after
        li $v0, 4
        syscall
        li $v0, 10              # exit
        syscall
