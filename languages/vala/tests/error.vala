void main () {
    error ("on purpose");
}
