#n
p
