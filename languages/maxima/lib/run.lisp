;; Loads the program, and ends with 1 after an error, where Maxima itself would end with 0.
(in-package :maxima)
(terpri) ; Maxima believes that a line has begun, and would end it later.
(let* ((*standard-input* *terminal-io*)
       (done (errcatch (mfuncall '$load (concatenate 'string "./" (si:getenv "MAXIMA_PROGRAM"))))))
  (finish-output)
  ($quit (if done 0 1)))
