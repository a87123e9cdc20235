;;; -*- lexical-binding: t -*-
;; An editor that can be programmed: write into a buffer, and let the editor do the work.
(with-temp-buffer
  (setq indent-tabs-mode nil)
  (insert "pears 3\napples 12\nfigs 7\ncherries 250\n")
  (sort-lines nil (point-min) (point-max))

  ;; Every number is doubled where it stands.
  (goto-char (point-min))
  (while (re-search-forward "[0-9]+" nil t)
    (replace-match (number-to-string (* 2 (string-to-number (match-string 0))))))

  (align-regexp (point-min) (point-max) "\\(\\s-+\\)[0-9]+" 1 2)
  (upcase-initials-region (point-min) (point-max))
  (princ (buffer-string)))
