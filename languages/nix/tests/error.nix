let
  price = { apple = 3; };
in
"${toString price.pear}\n"
