for line in stdin.lines:
  echo "you said: ", line
