;; Numbers in the bases from two to sixteen: what is a palindrome where?
(define (digits n base)
  (let loop ((n n) (out '()))
    (if (< n base)
        (cons n out)
        (loop (quotient n base) (cons (remainder n base) out)))))

(define (palindrome? n base)
  (let ((d (digits n base)))
    (equal? d (reverse d))))

(define (bases n)
  (let loop ((base 16) (out '()))
    (cond ((< base 2) out)
          ((palindrome? n base) (loop (- base 1) (cons base out)))
          (else (loop (- base 1) out)))))

(for-each
 (lambda (n)
   (display n)
   (display " reads the same both ways in base ")
   (for-each (lambda (base) (display base) (display " ")) (bases n))
   (newline))
 '(121 373 786435 252 1001))
