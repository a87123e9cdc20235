@test "all lines are read" {
    while read -r line; do echo "you said: $line" >&3; done
}
