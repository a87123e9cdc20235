(printout t "so far" crlf)
(printout t (/ 1 0) crlf)
