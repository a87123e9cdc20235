use strict;
use warnings;

# Reads a little log and sums it up with one regular expression.
my %bytes;
while ( my $line = <DATA> ) {
    next unless $line =~ /^(?<who>\w+) \s+ GET \s+ (?<path>\S+) \s+ (?<size>\d+)/x;
    $bytes{ $+{who} } += $+{size};
}
printf "%-6s %6d bytes\n", $_, $bytes{$_} for sort { $bytes{$b} <=> $bytes{$a} } keys %bytes;

__DATA__
ada   GET /index.html  1024
linus GET /kernel.tar  80000
ada   GET /notes.txt   512
grace GET /cobol.pdf   30000
