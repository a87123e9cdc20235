format ELF64 executable 3
entry start

segment readable executable
start:
    mov eax, 1
    mov edi, 1
    lea rsi, [text]
    mov edx, text.length
    syscall
    mov eax, 60
    xor edi, edi
    syscall

segment readable
text:
    db 'Grüße, 世界 🌍', 10
    .length = $ - text
