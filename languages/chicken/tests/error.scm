(define (half n) (/ n 0))
(display (half 3))
(newline)
