#!/usr/bin/gsi-script
;; Loads the program; gsi by itself ends after an error without a word, when nobody is there to talk to.
(define (main file . rest)
  (with-exception-catcher
   (lambda (e)
     (display-exception e (current-error-port))
     (exit 70))
   (lambda () (load file))))
