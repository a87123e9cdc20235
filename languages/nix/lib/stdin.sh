# The standard input as a string of the Nix language.
printf '"'
sed 's/[\\"$]/\\&/g'
printf '"'
