(defun half (n) (/ n 0))
(princ (half 3))
