set -u
echo "$no_such_variable"
