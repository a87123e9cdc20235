(let ((line nil))
  (while (setq line (read-line standard-input))
    (write standard-output line)))
