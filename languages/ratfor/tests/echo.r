program echo
    character*200 line
    integer state
    repeat {
        read(*, '(a)', iostat = state) line
        if (state != 0)
            break
        write(*, '(a)') trim(line)
    }
end
