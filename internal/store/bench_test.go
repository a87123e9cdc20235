package store

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"codecollab.dev"
	"codecollab.dev/internal/room/roomtest"
)

// BenchmarkAppend is one edit after the other in each of so many rooms, until it is on the disk. A room's edits follow each other; those
// of others do not wait for it.
func BenchmarkAppend(b *testing.B) {
	for _, rooms := range []int{1, 4, 16, 64} {
		b.Run(fmt.Sprintf("rooms=%d", rooms), func(b *testing.B) {
			s := open(b, Options{Dir: b.TempDir()})
			for i := range rooms {
				if err := s.Create(b.Context(), fmt.Sprint("room", i), roomtest.Records(0, 1)); err != nil {
					b.Fatal(err)
				}
			}
			took := make([][]time.Duration, rooms)
			b.ResetTimer()
			var all sync.WaitGroup
			for i := range rooms {
				all.Go(func() {
					for n := range b.N / rooms {
						start := time.Now()
						if err := s.Append(b.Context(), fmt.Sprint("room", i), codecollab.Version(n+1), roomtest.Records(codecollab.Version(n+1), 1)); err != nil {
							b.Error(err)
							return
						}
						took[i] = append(took[i], time.Since(start))
					}
				})
			}
			all.Wait()
			b.StopTimer()
			ages := slices.Sorted(slices.Values(slices.Concat(took...)))
			if len(ages) > 0 {
				b.ReportMetric(float64(ages[len(ages)/2].Microseconds()), "p50-µs")
				b.ReportMetric(float64(ages[len(ages)*99/100].Microseconds()), "p99-µs")
			}
		})
	}
}
