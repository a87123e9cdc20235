    .bss
buffer: .skip 1024

    .text
    .globl _start
_start:
    mov x0, #0
    ldr x1, =buffer
    mov x2, #1024
    mov x8, #63
    svc #0
    cmp x0, #0
    b.le done
    mov x2, x0
    mov x0, #1
    ldr x1, =buffer
    mov x8, #64
    svc #0
    b _start
done:
    mov x0, #0
    mov x8, #93
    svc #0
