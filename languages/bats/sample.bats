# Tests of a small function: each one is a Bash function, and "run" keeps what a command said.
roman() {
    local n=$1 out="" i
    local values=(1000 900 500 400 100 90 50 40 10 9 5 4 1)
    local letters=(M CM D CD C XC L XL X IX V IV I)
    ((n > 0)) || return 1
    for i in "${!values[@]}"; do
        while ((n >= values[i])); do
            out+=${letters[i]}
            ((n -= values[i]))
        done
    done
    echo "$out"
}

@test "years in Roman numbers" {
    [ "$(roman 1987)" = MCMLXXXVII ]
    [ "$(roman 2026)" = MMXXVI ]
}

@test "there is no nought" {
    run roman 0
    [ "$status" -eq 1 ]
    [ -z "$output" ]
}
