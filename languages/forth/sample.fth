\ The sieve of Eratosthenes, with a byte for each number, and words that read like a sentence.
100 constant limit
create sieve  limit allot

: fresh     sieve limit 1 fill ;
: strike    ( n -- )  0 swap sieve + c! ;
: prime?    ( n -- f )  sieve + c@ ;
: multiples ( n -- )  limit over dup * ?do  i strike  dup +loop  drop ;
: run       10 2 do  i prime? if  i multiples  then loop ;
: show      limit 2 do  i prime? if  i 3 .r  then loop  cr ;

fresh run
." The primes below a hundred:" cr
show
