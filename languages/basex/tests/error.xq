let $shelf := ("a", "b")
return xs:integer($shelf[1])
