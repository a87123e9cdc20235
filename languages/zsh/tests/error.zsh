set -e
apples=3
print $(( apples / 0 ))
