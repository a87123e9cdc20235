MODULE Sieve;

(* The sieve of Eratosthenes, with a set: the type that Wirth gave to his languages. *)
FROM STextIO IMPORT WriteString, WriteLn;
FROM SWholeIO IMPORT WriteCard;

CONST
  Last = 120;

TYPE
  Numbers = SET OF [2..Last];

VAR
  left: Numbers;
  n, multiple, found: CARDINAL;

BEGIN
  left := Numbers {2..Last};
  found := 0;
  FOR n := 2 TO Last DO
    IF n IN left THEN
      WriteCard (n, 5);
      INC (found);
      IF found MOD 10 = 0 THEN WriteLn END;
      multiple := n * n;
      WHILE multiple <= Last DO
        EXCL (left, multiple);
        INC (multiple, n)
      END
    END
  END;
  WriteLn;
  WriteCard (found, 1); WriteString (" primes"); WriteLn
END Sieve.
