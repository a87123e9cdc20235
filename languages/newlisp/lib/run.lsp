; Loads the program. An error ends it with 1, where newLISP would go on and take standard input for more of it.
(set 'file (last (main-args)))
(if (catch (load (main-args 2)) 'said)
    (exit)
    (begin
      (write-line 2 said)
      (exit 1)))
