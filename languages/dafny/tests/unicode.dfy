method Main() {
  print "Gr\u00fc\u00dfe, \u4e16\u754c \ud83c\udf0d\n"; // a source is read byte by byte
}
