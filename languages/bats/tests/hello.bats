@test "Hello, world!" {
    [ $((20 + 3)) -eq 23 ]
}
