;; A generator out of a continuation: it hands out the leaves of a tree one by one, and waits in between.
(import (chicken base) (chicken format))

(define (leaves tree)
  (define return #f)
  (define (resume)
    (let walk ((tree tree))
      (cond ((pair? tree) (walk (car tree)) (walk (cdr tree)))
            ((not (null? tree))
             (call/cc (lambda (rest)
                        (set! resume (lambda () (rest #f)))
                        (return tree))))))
    (return 'end))
  (lambda () (call/cc (lambda (k) (set! return k) (resume)))))

(define (same-fringe? a b)
  (let ((a (leaves a)) (b (leaves b)))
    (let loop ((x (a)) (y (b)))
      (printf "~a and ~a~%" x y)
      (cond ((not (eqv? x y)) #f)
            ((eq? x 'end) #t)
            (else (loop (a) (b)))))))

(print (if (same-fringe? '(1 (2 3) (4)) '((1 2) (3 (4)))) "The same leaves." "Not the same leaves."))
