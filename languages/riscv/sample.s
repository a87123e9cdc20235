# Bubble sort, one line for each pass: watch the big letters rise to the end.
    .data
text:   .ascii "SORTINGHAT\n"
    .equ length, . - text - 1

    .text
    .globl _start
_start:
    li s0, length           # how many letters are not in their place yet
    jal write
pass:
    addi s0, s0, -1
    blez s0, done
    la t0, text
    add t1, t0, s0          # where this pass ends
    li s1, 0                # whether anything moved
compare:
    lb t2, 0(t0)
    lb t3, 1(t0)
    ble t2, t3, ordered
    sb t3, 0(t0)
    sb t2, 1(t0)
    li s1, 1
ordered:
    addi t0, t0, 1
    blt t0, t1, compare
    beqz s1, done
    jal write
    j pass
done:
    li a0, 0
    li a7, 93               # exit
    ecall

write:
    li a0, 1
    la a1, text
    li a2, length + 1
    li a7, 64
    ecall
    ret
