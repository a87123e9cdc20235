int main() {
    error("on purpose\n");
}
