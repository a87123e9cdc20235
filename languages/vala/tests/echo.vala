void main () {
    string? line;
    while ((line = stdin.read_line ()) != null) {
        print ("you said: %s\n", line);
    }
}
