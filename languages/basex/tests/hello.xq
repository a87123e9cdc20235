"Hello, world!&#10;"
