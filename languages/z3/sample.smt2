; SEND + MORE = MONEY: every letter is a digit of its own. Which?
(set-logic QF_LIA)
(declare-const s Int) (declare-const e Int) (declare-const n Int) (declare-const d Int)
(declare-const m Int) (declare-const o Int) (declare-const r Int) (declare-const y Int)

(define-fun digit ((x Int)) Bool (and (<= 0 x) (<= x 9)))
(assert (and (digit s) (digit e) (digit n) (digit d) (digit m) (digit o) (digit r) (digit y)))
(assert (distinct s e n d m o r y))
(assert (and (> s 0) (> m 0)))
(assert (= (+ (* 1000 s) (* 100 e) (* 10 n) d
              (* 1000 m) (* 100 o) (* 10 r) e)
           (+ (* 10000 m) (* 1000 o) (* 100 n) (* 10 e) y)))

(check-sat)
(get-value (s e n d m o r y))
(echo "Is there another one?")
(assert (not (= e 5)))
(check-sat)
