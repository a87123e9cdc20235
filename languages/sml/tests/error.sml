val () = raise Fail "on purpose"
