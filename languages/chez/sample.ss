;; Rows of Pascal's triangle, each one the sum of the row above and itself moved by one.
(import (chezscheme))

(define (next row)
  (map + (cons 0 row) (append row '(0))))

(define (show row width)
  (let ([text (format "~{~4d~}" row)])
    (format #t "~a~a~%" (make-string (quotient (- width (string-length text)) 2) #\space) text)))

(let loop ([row '(1)] [left 10])
  (unless (zero? left)
    (show row 44)
    (loop (next row) (- left 1))))
