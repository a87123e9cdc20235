;; Text taken apart by a regular expression, and put together again by a table.
(use util.match)
(use srfi-13)

(define diary
  "08:30 coffee; 09:15 writes 12 letters; 12:00 soup; 14:45 reads 3 books; 18:20 soup")

(define (entry text)
  (rxmatch-case text
    [#/(\d+):(\d+) (.*)/ (#f hours minutes what)
     (list (+ (* 60 (string->number hours)) (string->number minutes)) what)]))

(define entries (map entry (map string-trim (string-split diary #\;))))

(let loop ((list entries))
  (match list
    [((from what) (to _) . rest)
     (format #t "~3d minutes: ~a~%" (- to from) what)
     (loop (cdr list))]
    [((_ what)) (format #t "and at last: ~a~%" what)]))
