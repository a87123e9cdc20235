; Fibonacci numbers for as long as they fit into 64 bits.
section .bss
text:   resb 24

section .text
global _start
_start:
    xor r12, r12            ; the number to print
    mov r13, 1              ; the one after it
next:
    call print
    mov rax, r12
    mov r12, r13
    add r13, rax
    jnc next

    call print              ; the last one before the overflow
    mov rax, 60
    xor rdi, rdi
    syscall

print:
    mov rax, r12
    lea rsi, [rel text + 23]
    mov byte [rsi], 10
    mov rcx, 10
digit:
    xor rdx, rdx
    div rcx
    add dl, '0'
    dec rsi
    mov [rsi], dl
    test rax, rax
    jnz digit
    lea rdx, [rel text + 24]
    sub rdx, rsi
    mov rax, 1
    mov rdi, 1
    syscall
    ret
