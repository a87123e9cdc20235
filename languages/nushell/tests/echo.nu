def main [] {
    for line in ($in | lines) { print $line }
}
