#!/usr/bin/perl
# bytes.pl COMMAND...: runs the command. beef prints what is no character by itself, so every byte of a character beyond
# ASCII, as "[Invalid UTF-8] \xc3": here these become bytes again. What has been printed is passed on at once.
use strict;
use warnings;

my $pid = open(my $out, '-|', @ARGV) or die "cannot run $ARGV[0]: $!\n";
binmode $out;
binmode STDOUT;
$| = 1;
my $mark = '[Invalid UTF-8] \\x';
my $text = '';
while (sysread($out, $text, 65536, length $text)) {
    $text =~ s/\[Invalid UTF-8\] \\x([0-9a-f]{2})/chr hex $1/ge;
    my $kept = 0;    # the end may be the beginning of a mark
    for my $n (reverse 1 .. length($mark) + 1) {
        next if $n > length $text;
        my $end = substr $text, -$n;
        if (substr("$mark?", 0, $n) eq $end || $n > length($mark) && substr($end, 0, -1) eq $mark) { $kept = $n; last }
    }
    print substr $text, 0, length($text) - $kept, '';
}
print $text;
close $out;
exit($? & 127 ? 128 + ($? & 127) : $? >> 8);
