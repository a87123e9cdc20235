format ELF64 executable 3
entry start

segment readable executable
start:
    xor eax, eax
    xor edi, edi
    lea rsi, [buffer]
    mov edx, 1024
    syscall
    test rax, rax
    jle done
    mov rdx, rax
    mov eax, 1
    mov edi, 1
    lea rsi, [buffer]
    syscall
    jmp start
done:
    mov eax, 60
    xor edi, edi
    syscall

segment readable writeable
buffer: rb 1024
