;; Morse code: a dictionary, and a sentence that goes there and back.
(define Morse:Morse)
(map (fn (pair) (Morse (pair 0) (pair 1)))
  '(("a" ".-") ("c" "-.-.") ("e" ".") ("h" "....") ("i" "..") ("l" ".-..") ("n" "-.") ("o" "---")
    ("p" ".--.") ("r" ".-.") ("s" "...") ("t" "-") ("w" ".--")))

(define (encode text)
  (join (map (fn (letter) (or (Morse letter) "/")) (explode text)) " "))

(define (decode code)
  (join (map (fn (sign)
               (let (pair (find-all (list '? sign) (Morse)))
                 (if pair (first (first pair)) " ")))
             (parse code " "))))

(set 'sent (encode "once there was a whale in the ocean"))
(println sent)
(println (decode sent))
