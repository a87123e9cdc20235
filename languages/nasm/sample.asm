; Counts down by itself: digits are made by dividing, and written with the kernel's write.
section .data
lift:   db "Lift off!", 10
lift_length equ $ - lift

section .bss
text:   resb 4

section .text
global _start
_start:
    mov esi, 10             ; the number to show
next:
    mov eax, esi
    mov edi, text + 3       ; digits are put down from the right
    mov byte [edi], 10
    mov ecx, 10
digit:
    xor edx, edx
    div ecx                 ; eax / 10, the rest is in edx
    add dl, '0'
    dec edi
    mov [edi], dl
    test eax, eax
    jnz digit

    mov edx, text + 4
    sub edx, edi            ; how many bytes
    mov ecx, edi
    call write
    dec esi
    jnz next

    mov ecx, lift
    mov edx, lift_length
    call write
    mov eax, 1              ; exit
    xor ebx, ebx
    int 0x80

write:                      ; edx bytes at ecx, to standard output
    mov eax, 4
    mov ebx, 1
    int 0x80
    ret
