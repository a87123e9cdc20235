method Main() {
  print "Hello, world!\n";
}
