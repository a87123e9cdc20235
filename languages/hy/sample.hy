;; Lisp on top of Python: macros of the one, libraries of the other.
(import fractions [Fraction]
        functools [reduce])

(defmacro unless-zero [x #* body]
  `(when (!= ~x 0) ~@body))

(defn egyptian [f]
  "A fraction as a sum of different parts of one, as scribes at the Nile wrote it."
  (setv parts [])
  (while (> f 0)
    (setv n (- (// (- f.denominator) f.numerator)))
    (.append parts n)
    (-= f (Fraction 1 n)))
  parts)

(for [f [(Fraction 2 3) (Fraction 5 6) (Fraction 7 15) (Fraction 0)]]
  (unless-zero f
    (print f "=" (.join " + " (lfor n (egyptian f) f"1/{n}")))))
