(deffunction repeat-input ()
  (bind ?line (readline))
  (while (neq ?line EOF) do
    (printout t ?line crlf)
    (bind ?line (readline))))

(repeat-input)
