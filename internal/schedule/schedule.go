// Package schedule asks the system's scheduler for what a process needs, where it can be asked (Linux 6.12 and later). Elsewhere it
// does nothing.
package schedule

import "time"

// Short is the slice of time of a process that does little at once and must do it soon. Linux gives a thread that wakes up the
// processor at once when its slice is shorter than that of the thread that runs; otherwise it may let that one go on until the
// next tick, 4 ms on most kernels (the EEVDF scheduler, sched_setattr(2): sched_runtime). Each still gets the same share.
const Short = 100 * time.Microsecond // the least that the kernel takes

// Usual is the slice that the kernel has for everybody.
const Usual time.Duration = 0
