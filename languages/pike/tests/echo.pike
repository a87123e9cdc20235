int main() {
    while (string line = Stdio.stdin.gets()) write("you said: %s\n", line);
    return 0;
}
