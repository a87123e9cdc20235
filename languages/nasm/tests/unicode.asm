section .data
text: db "Grüße, 世界 🌍", 10
length equ $ - text

section .text
global _start
_start:
    mov eax, 4
    mov ebx, 1
    mov ecx, text
    mov edx, length
    int 0x80
    mov eax, 1
    xor ebx, ebx
    int 0x80
