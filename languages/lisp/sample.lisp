;; A language in a language: arithmetic as people write it, turned into Lisp before the program runs.
(defparameter *ranks* '((+ . 1) (- . 1) (* . 2) (/ . 2) (^ . 3)))

(defun rank (operator) (cdr (assoc operator *ranks*)))

(defun parse (tokens &optional (least 1))
  "The tree of TOKENS up to an operator that binds less than LEAST, and what is left."
  (let ((left (pop tokens)))
    (loop while (and tokens (>= (rank (first tokens)) least))
          do (let ((operator (pop tokens)))
               (multiple-value-bind (right rest) (parse tokens (1+ (rank operator)))
                 (setf left (list (if (eq operator '^) 'expt operator) left right)
                       tokens rest))))
    (values left tokens)))

(defmacro infix (&rest tokens) (values (parse tokens)))

(format t "1 + 2 * 3 ^ 4 is read as ~(~a~)~%" (macroexpand-1 '(infix 1 + 2 * 3 ^ 4)))
(format t "and makes ~r.~%" (infix 1 + 2 * 3 ^ 4))
