let
  lines = builtins.filter builtins.isString (builtins.split "\n" stdin);
  said = line: if line == "" then "" else "you said: ${line}\n";
in
builtins.concatStringsSep "" (map said lines)
