(defun half (n) (quotient n 0))
(print (half 3))
