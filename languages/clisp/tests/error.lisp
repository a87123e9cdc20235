(defun half (n) (/ n 0))
(print (half 3))
