local line = "";
try {
    while (true) {
        local c = stdin.readn('c');
        if (c == '\n') {
            print("you said: " + line + "\n");
            line = "";
        } else {
            line += c.tochar();
        }
    }
} catch (end) {
}
