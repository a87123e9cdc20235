package voicebench

import "testing"

func TestShares(t *testing.T) {
	all := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for share, want := range map[float64]float64{0: 1, .5: 6, .99: 10, 1: 10} {
		if got := at(all, share); got != want {
			t.Errorf("%v of all: %v, want %v", share, got, want)
		}
	}
	if at(nil, .5) != 0 {
		t.Error("nothing is something")
	}
}

func TestCPU(t *testing.T) {
	if cpuOf(0) < 0 || cpuOf(-5) != 0 {
		t.Error("the CPU time of a process that does not exist is known")
	}
}
