(defun half (n) (/ n (length nil)))
(print (half 3))
