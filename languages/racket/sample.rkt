#lang racket/base
(require racket/match racket/list)

;; Derivatives, by pattern matching: a formula is a tree.
(define (derive f)
  (match f
    [(? number?) 0]
    ['x 1]
    [`(+ ,a ,b) `(+ ,(derive a) ,(derive b))]
    [`(* ,a ,b) `(+ (* ,(derive a) ,b) (* ,a ,(derive b)))]
    [`(^ x ,n) `(* ,n (^ x ,(sub1 n)))]))

(define (simplify f)
  (match f
    [(list op a b)
     (match (list op (simplify a) (simplify b))
       [(list '+ 0 b) b]
       [(list '+ a 0) a]
       [(list '* 0 _) 0]
       [(list '* _ 0) 0]
       [(list '* 1 b) b]
       [(list '* a 1) a]
       [(list '^ a 1) a]
       [(list (and op (or '+ '*)) (? number? a) (? number? b)) ((if (eq? op '+) + *) a b)]
       [other other])]
    [_ f]))

(for ([f '((^ x 3) (+ (* 2 x) 7) (* x (+ x 1)) (+ (* 4 (^ x 2)) x))])
  (printf "~a becomes ~a\n" f (simplify (derive f))))
