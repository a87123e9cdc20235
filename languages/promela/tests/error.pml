init {
  int shelf = 3;
  assert(shelf == 4)
}
