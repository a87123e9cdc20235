# Tcl has no option that prints its version.
puts [info patchlevel]
