integer apples=3
print $((apples / 0))
