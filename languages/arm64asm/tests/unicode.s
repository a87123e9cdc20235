    .data
text:   .ascii "Grüße, 世界 🌍\n"
    .equ length, . - text

    .text
    .globl _start
_start:
    mov x0, #1
    ldr x1, =text
    mov x2, #length
    mov x8, #64
    svc #0
    mov x0, #0
    mov x8, #93
    svc #0
