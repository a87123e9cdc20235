(printout t "Hello, world!" crlf)
