; The assembler computes: squares are put down at assembly time, and the program only prints them.
format ELF64 executable 3
entry start

macro number value, width {
    local digits, rest
    rest = value
    repeat width
        digits = rest
        repeat width - %
            digits = digits / 10
        end repeat
        if digits = 0 & % < width
            db ' '
        else
            db '0' + digits mod 10
        end if
    end repeat
}

segment readable executable
start:
    mov eax, 1
    mov edi, 1
    lea rsi, [table]
    mov edx, table.length
    syscall
    mov eax, 60
    xor edi, edi
    syscall

segment readable
table:
    repeat 12
        db ' '
        number %, 2
        db ' squared is'
        number % * %, 4
        db ', cubed'
        number % * % * %, 5
        db 10
    end repeat
    .length = $ - table
