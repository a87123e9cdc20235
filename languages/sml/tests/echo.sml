fun echo () =
  case TextIO.inputLine TextIO.stdIn of
    SOME line => (print ("you said: " ^ line); echo ())
  | NONE => ()

val () = echo ()
