# Usage: compile.sh main.pyx. Translates to C with a main function, and compiles that against the interpreter's library.
set -e
cython3 --embed -3 "$1" -o main.c
# shellcheck disable=SC2046 # the answer is a list of flags
exec gcc -O1 main.c -o main $(python3-config --includes --embed --ldflags)
