; A triangle of Sierpinski: bit n of row y is set where n & (height - 1 - y) has no bit at all.
height equ 16

section .data
star:   db "▲ "
star_length equ $ - star
space:  db " "
line:   db 10

section .text
global _start
_start:
    mov r12, height - 1     ; the row, from the top
row:
    mov r13, r12            ; so many spaces before it
indent:
    test r13, r13
    jz cells
    lea rsi, [rel space]
    mov rdx, 1
    call print
    dec r13
    jmp indent
cells:
    xor r13, r13
cell:
    lea rsi, [rel star]
    mov rdx, star_length
    test r13, r12
    jz draw
    lea rsi, [rel space]    ; an empty cell is two spaces
    mov rdx, 1
    call print
    mov rdx, 1
draw:
    call print
    inc r13
    mov rax, height
    sub rax, r12
    cmp r13, rax
    jl cell
    lea rsi, [rel line]
    mov rdx, 1
    call print
    dec r12
    jns row

    mov rax, 60             ; exit
    xor rdi, rdi
    syscall

print:                      ; rdx bytes at rsi, to standard output
    mov rax, 1
    mov rdi, 1
    syscall
    ret
