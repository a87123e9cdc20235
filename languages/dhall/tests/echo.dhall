let input = /dev/stdin as Text

let said = Text/replace "\n" "\nyou said: " input

in  "you said: ${Text/replace "\nyou said: \$" "" "${said}\$"}\n"
