method Main() {
  var shelf := 3;
  assert shelf == 4;
}
