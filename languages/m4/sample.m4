divert(-1)
# Macros that write a song. What stands between divert(-1) and divert(0) only defines.
define(`amount', `ifelse($1, 0, `no more bottles', $1, 1, `1 bottle', `$1 bottles')')
define(`verse', `amount($1) of juice on the wall,
take one down, pass it around:
amount(decr($1)) of juice on the wall.
ifelse($1, 1, `', `
verse(decr($1))')')
divert(0)dnl
verse(4)dnl
The wall has len(`bricks') bricks and eval(2 ** 10) spiders.
