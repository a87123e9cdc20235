#n
# Counts in a language of text alone: adds one to a number of any length, twelve times, starting at 9995.
s/^$/9995/
h

:again
p
# The nines at the end turn over, and wait as underscores.
:nines
s/9\(_*\)$/_\1/
t nines
# A carry beyond the first digit makes a new one.
s/^\(_*\)$/1\1/
t done
s/8\(_*\)$/9\1/
t done
s/7\(_*\)$/8\1/
t done
s/6\(_*\)$/7\1/
t done
s/5\(_*\)$/6\1/
t done
s/4\(_*\)$/5\1/
t done
s/3\(_*\)$/4\1/
t done
s/2\(_*\)$/3\1/
t done
s/1\(_*\)$/2\1/
t done
s/0\(_*\)$/1\1/
:done
y/_/0/

# The hold space keeps a stroke for each round.
x
s/$/|/
/|\{12\}$/q
x
b again
