// Which numbers below 10,000 are the sum of their divisors? Perfect ones, and there are four.
    .bss
text:   .skip 8

    .text
    .globl _start
_start:
    mov w19, #2             // the number
    mov w24, #10000
number:
    mov w20, #1             // the sum of its divisors: 1 is one of each
    mov w21, #2             // a divisor, perhaps
divisor:
    mul w22, w21, w21
    cmp w22, w19
    b.hi summed             // beyond the root there is nothing new
    udiv w22, w19, w21
    msub w23, w22, w21, w19
    cbnz w23, no
    add w20, w20, w21
    cmp w22, w21
    b.eq no                 // a square has its root only once
    add w20, w20, w22
no:
    add w21, w21, #1
    b divisor
summed:
    cmp w20, w19
    b.ne onwards
    bl print
onwards:
    add w19, w19, #1
    cmp w19, w24
    b.lo number
    mov x0, #0
    mov x8, #93             // exit
    svc #0

print:                      // the number in w19, and a line feed
    ldr x1, =text + 7
    mov w2, #10
    strb w2, [x1]
    mov w3, w19
digit:
    udiv w4, w3, w2
    msub w5, w4, w2, w3
    add w5, w5, #'0'
    strb w5, [x1, #-1]!
    mov w3, w4
    cbnz w3, digit
    ldr x2, =text + 8
    sub x2, x2, x1
    mov x0, #1
    mov x8, #64             // write
    svc #0
    ret
