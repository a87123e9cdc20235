init {
  printf("Hello, world!\n")
}
