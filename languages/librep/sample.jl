;; Change for a purse: how many ways are there to pay a sum with these coins?
(defvar coins '(50 20 10 5 2 1))

(defun ways (sum coins)
  (cond ((= sum 0) 1)
        ((or (< sum 0) (null coins)) 0)
        (t (+ (ways (- sum (car coins)) coins)
              (ways sum (cdr coins))))))

(mapc (lambda (sum)
        (format standard-output "%3d can be paid in %4d ways\n" sum (ways sum coins)))
      '(1 5 10 20 50 100))
