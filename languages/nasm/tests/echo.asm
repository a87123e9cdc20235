section .bss
buffer: resb 1024

section .text
global _start
_start:
    mov eax, 3
    xor ebx, ebx
    mov ecx, buffer
    mov edx, 1024
    int 0x80
    test eax, eax
    jle done
    mov edx, eax
    mov eax, 4
    mov ebx, 1
    mov ecx, buffer
    int 0x80
    jmp _start
done:
    mov eax, 1
    xor ebx, ebx
    int 0x80
