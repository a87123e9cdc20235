# Tcl has no "repeat ... until", so let us add one: a control structure is a command like any other.
proc repeat {body until condition} {
    while 1 {
        uplevel 1 $body
        if {[uplevel 1 [list expr $condition]]} { return }
    }
}

# Collatz: halve what is even, take three times and one more of what is odd. Does it always come to 1?
foreach start {6 7 9 27} {
    set n $start
    set steps 0
    set top $n
    repeat {
        set n [expr {$n % 2 ? 3 * $n + 1 : $n / 2}]
        set top [expr {max($top, $n)}]
        incr steps
    } until {$n == 1}
    puts [format "%3d needs %3d steps and climbs to %4d" $start $steps $top]
}
