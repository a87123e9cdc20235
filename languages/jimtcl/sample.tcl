# Functions without a name, and a pipeline made of them.
proc map {list f} {
    set out {}
    foreach x $list { lappend out [apply $f $x] }
    return $out
}

proc filter {list f} {
    set out {}
    foreach x $list { if {[apply $f $x]} { lappend out $x } }
    return $out
}

proc range {from to} {
    set out {}
    for {set i $from} {$i <= $to} {incr i} { lappend out $i }
    return $out
}

set squares [map [range 1 20] {{n} { expr {$n * $n} }}]
set ends [filter $squares {{n} { string match *6 $n }}]
puts "Squares that end in six: [join $ends {, }]"
puts "Their roots: [join [map $ends {{n} { expr {int(sqrt($n))} }}] {, }]"
