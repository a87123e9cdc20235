section .bss
buffer: resb 1024

section .text
global _start
_start:
    xor rax, rax
    xor rdi, rdi
    lea rsi, [rel buffer]
    mov rdx, 1024
    syscall
    test rax, rax
    jle done
    mov rdx, rax
    mov rax, 1
    mov rdi, 1
    syscall
    jmp _start
done:
    mov rax, 60
    xor rdi, rdi
    syscall
