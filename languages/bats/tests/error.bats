@test "sums are off" {
    [ $((1 + 1)) -eq 3 ]
}
