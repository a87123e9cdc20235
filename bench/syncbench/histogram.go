package syncbench

import (
	"math/bits"
	"time"
)

// histogram counts durations in buckets whose width is at most 1/32 of their value, from 1 µs to some hours. The zero
// value is empty. It is not safe for concurrent use: everyone who measures has one, and they are added up at the end.
type histogram struct {
	buckets [34 * half]int64
	count   int64
	most    time.Duration
}

const half = 32 // buckets for each power of two

func (h *histogram) record(d time.Duration) {
	d = max(d, 0)
	h.buckets[min(bucket(d), len(h.buckets)-1)]++
	h.count++
	h.most = max(h.most, d)
}

// bucket returns the index for a duration: linear up to 2·half µs, then half buckets for each doubling.
func bucket(d time.Duration) int {
	us := uint64(d / time.Microsecond)
	if us < 2*half {
		return int(us)
	}
	shift := bits.Len64(us) - bits.Len64(2*half-1)
	return shift*half + int(us>>shift)
}

// upper returns the duration that a bucket ends at.
func upper(i int) time.Duration {
	if i < 2*half {
		return time.Duration(i+1) * time.Microsecond
	}
	shift := i/half - 1
	return time.Duration(uint64(i-shift*half+1)<<shift) * time.Microsecond
}

func (h *histogram) add(other *histogram) {
	for i, n := range other.buckets {
		h.buckets[i] += n
	}
	h.count += other.count
	h.most = max(h.most, other.most)
}

// quantile returns the duration that the share q of all is not above, 0 when there is none.
func (h *histogram) quantile(q float64) time.Duration {
	rank := int64(q * float64(h.count))
	var seen int64
	for i, n := range h.buckets {
		seen += n
		if n > 0 && seen > rank || seen == h.count {
			return min(upper(i), h.most)
		}
	}
	return h.most
}
