# Usage: run.sh main.tex main. Sets the document, in LaTeX where it says \documentclass and in plain TeX otherwise, and
# prints what the program wrote to the terminal, without TeX's own remarks about files and pages, and then the text of the
# pages. When it stops at an error, everything that TeX said is printed.
engine=pdftex
if grep -q '^[^%]*\\documentclass' "$1"; then engine=pdflatex; fi
if ! "$engine" -interaction=scrollmode -halt-on-error -file-line-error -8bit "$1" >.tex.said; then
	cat .tex.said
	exit 1
fi
sed -E \
	-e '/^This is |^ restricted |^entering extended mode|^LaTeX2e <|^L3 programming layer|^ L3 |^Document Class: /d' \
	-e '/^\(|^\)?[[ <(]*(\[[0-9]|<\/|\/usr\/share)|^[] )]*$|^Output written on |^Transcript written on |^No pages of output|^No file /d' \
	.tex.said
if test -e "$2.pdf"; then pdftotext -layout -nopgbrk "$2.pdf" -; fi
