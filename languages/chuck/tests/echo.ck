FileIO input;
input.open("/dev/stdin", FileIO.READ);
while (true)
{
    input.readLine() => string line;
    if (line == "" && !input.more()) break;
    chout <= "you said: " <= line <= IO.newline();
}
