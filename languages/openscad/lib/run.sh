# Usage: run.sh main.scad main. Prints what the program echoes and then, where there is a shape, writes it. A failed assertion
# ends with 0, so the printed ERROR is looked for.
if ! openscad -o .echo.echo "$1" >.said 2>&1; then
	cat .said
	exit 1
fi
cat .echo.echo
if grep -q "^ERROR: " .echo.echo; then exit 1; fi
openscad -o "$2.stl" "$1" >.said 2>&1 || openscad -o "$2.svg" "$1" >.said 2>&1 || rm -f "$2.stl" "$2.svg"
