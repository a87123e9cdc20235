for (line in readLines(file("stdin"))) {
  cat("you said: ", line, "\n", sep = "")
}
