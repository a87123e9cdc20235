@test "Grüße" {
    echo "# Grüße, 世界 🌍" >&3
}
