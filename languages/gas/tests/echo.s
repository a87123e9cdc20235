    .section .bss
buffer: .skip 1024

    .section .text
    .globl _start
_start:
    xor %eax, %eax
    xor %edi, %edi
    lea buffer(%rip), %rsi
    mov $1024, %edx
    syscall
    test %rax, %rax
    jle done
    mov %rax, %rdx
    mov $1, %eax
    mov $1, %edi
    lea buffer(%rip), %rsi
    syscall
    jmp _start
done:
    mov $60, %eax
    xor %edi, %edi
    syscall
