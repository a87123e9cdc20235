include(/dev/stdin)dnl
