# Compound variables, functions on them and floating point: what the Korn shell has that few shells do.
typeset -a planets=(
	(name=Mercury day=58.65 year=0.24)
	(name=Earth day=1.0 year=1.0)
	(name=Mars day=1.03 year=1.88)
	(name=Jupiter day=0.41 year=11.86)
)

float days
for ((i = 0; i < ${#planets[@]}; i++)); do
	nameref planet=planets[i]
	((days = planet.year * 365.25 / planet.day))
	printf '%-8s turns %8.1f times in its year\n' "${planet.name}" days
done
