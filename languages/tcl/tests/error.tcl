set apples 3
puts [expr {$apples / 0}]
