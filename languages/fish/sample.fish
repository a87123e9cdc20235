# Rule 30: each cell looks at itself and its neighbours, and out of one dot comes a pattern that never repeats.
set --local width 61
set --local cells (string repeat --no-newline --count $width 0 | string split '')
set cells[31] 1

for generation in (seq 16)
    string join '' $cells | string replace --all 0 ' ' | string replace --all 1 █ | string trim --right
    set --local next
    for i in (seq $width)
        set --local left 0
        set --local right 0
        if test $i -gt 1
            set left $cells[(math $i - 1)]
        end
        if test $i -lt $width
            set right $cells[(math $i + 1)]
        end
        switch $left$cells[$i]$right
            case 100 011 010 001
                set --append next 1
            case '*'
                set --append next 0
        end
    end
    set cells $next
end
