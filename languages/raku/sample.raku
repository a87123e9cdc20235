# A grammar is a class of regular expressions: here it reads sums and works them out.
grammar Sum {
    token TOP    { <term>+ % '+' }
    token term   { <factor>+ % '*' }
    token factor { \d+ | '(' ~ ')' <TOP> }
}

class Work {
    method TOP($/)    { make [+] $<term>».made }
    method term($/)   { make [*] $<factor>».made }
    method factor($/) { make $<TOP> ?? $<TOP>.made !! +$/ }
}

for '1 + 2 * 3', '(1 + 2) * 3', '2 * (3 + 4) * 5' {
    say "$_ = ", Sum.parse(.words.join, actions => Work).made;
}

my @fibonacci = 0, 1, * + * ... *;
say "Even ones: ", @fibonacci.grep(* %% 2).head(8).join(', ');
