(let loop ((c (read-char)))
  (if (not (eof-object? c))
      (begin
        (display c)
        (loop (read-char)))))
