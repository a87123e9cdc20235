(define (half n) (/ n 0))
(println (half 3))
