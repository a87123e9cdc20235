package bus_test

import (
	"testing"

	"codecollab.dev/internal/bus"
	"codecollab.dev/internal/bus/bustest"
)

func TestMemory(t *testing.T) {
	bustest.Run(t, func(*testing.T) (here, there bus.Bus) {
		b := bus.NewMemory()
		return b, b
	})
}
