;; Square roots by Newton, as fractions that are exact: each guess has twice as many right digits.
(define (better guess n)
  (quotient (+ guess (quotient n guess)) 2))

(define (root n)
  (let loop ((guess n))
    (let ((next (better guess n)))
      (if (< next guess)
          (loop next)
          guess))))

(for-each
  (lambda (n)
    (display "The root of ")
    (display n)
    (display " begins with ")
    (display (root (* n (expt 10 60))))
    (newline))
  '(2 3 5))
