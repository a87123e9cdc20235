(declare-const x Int)
(assert (> x nowhere))
(check-sat)
