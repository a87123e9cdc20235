chan STDIN;

init {
  int c;
  do
  :: STDIN ? c -> printf("%c", c)
  :: timeout -> break
  od
}
