;; read-from-minibuffer reads a line of standard input in a batch Emacs; at the end it fails.
(condition-case nil
    (while t
      (princ (concat (read-from-minibuffer "") "\n")))
  (end-of-file nil))
