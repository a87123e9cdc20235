#!/usr/bin/perl
# run.pl [-skip N] [-out PATTERN] [-err PATTERN] [-drop PATTERN] COMMAND...: runs the command and passes on what it prints.
# The first N lines of its output, a banner, are left out, and so are lines of its errors that match -drop. It ends with 1
# when a line of its output (-out) or errors (-err) matches the pattern, where the command itself would end with 0.
use strict;
use warnings;
use IO::Select;
use IPC::Open3;
use Symbol 'gensym';

my %option = (skip => 0);
while (@ARGV && $ARGV[0] =~ /^-(skip|out|err|drop)$/) { shift @ARGV; $option{$1} = shift @ARGV }
open(my $in, '<&', \*STDIN) or die "no standard input: $!\n";
my $pid = open3('<&' . fileno($in), my $out, my $err = gensym, @ARGV);
binmode $_ for $out, $err, \*STDOUT, \*STDERR;
$| = 1;
my ($failed, $line, $errline) = (0, '', '');

sub seen {
    my ($text, $pattern) = @_;
    $failed = 1 if defined $pattern && $text =~ /$pattern/;
}

sub output {
    my ($text) = @_;
    while ($option{skip} > 0 && $text =~ s/^[^\n]*(\n|\z)//) {
        $option{skip}-- if $1 eq "\n";
        return if $text eq '';
    }
    print $text;
    $line .= $text;
    seen($1, $option{out}) while $line =~ s/^([^\n]*)\n//;
}

sub errors {
    my ($text) = @_;
    $errline .= $text;
    while ($errline =~ s/^([^\n]*\n)//) {
        my $whole = $1;
        next if defined $option{drop} && $whole =~ /$option{drop}/;
        seen($whole, $option{err});
        print STDERR $whole;
    }
}

my $open = IO::Select->new($out, $err);
while (my @ready = $open->can_read) {
    for my $from (@ready) {
        if (sysread($from, my $text, 65536)) { $from == $out ? output($text) : errors($text) }
        else { $open->remove($from) }
    }
}
seen($line, $option{out});
errors("\n") if $errline ne '';
waitpid $pid, 0;
my $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
exit($status || $failed);
