-- Where do a circle and a parabola meet? A Gröbner basis leaves one unknown in the last equation.
R = QQ[x, y, MonomialOrder => Lex]
circle = x^2 + y^2 - 4
parabola = y - x^2 + 2
I = ideal(circle, parabola)

print("The basis: " | toString flatten entries gens gb I)
print("The points counted with multiplicity: " | toString degree I)
for part in decompose I do print("  a part: " | toString flatten entries gens part)
print("Smooth in the middle? " | toString(dim(I + ideal(x, y)) < 0))
