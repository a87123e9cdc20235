;; A stream is a list that is only made as far as somebody looks: here, all the primes.
(use-modules (srfi srfi-41))

(define-stream (sieve numbers)
  (let ((prime (stream-car numbers)))
    (stream-cons prime
                 (sieve (stream-filter (lambda (n) (not (zero? (remainder n prime))))
                                       (stream-cdr numbers))))))

(define primes (sieve (stream-from 2)))

(display "The first twenty primes:")
(newline)
(for-each (lambda (p) (display p) (display " "))
          (stream->list 20 primes))
(newline)
