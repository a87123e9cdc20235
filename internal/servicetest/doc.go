// Package servicetest starts the real services that tests need, each on a free port of its own and with a folder of its own. They
// end with the test, and with the process of the tests, however it ends. The everyday tests (-short, make check) do without.
package servicetest

import "testing"

// notEveryDay skips a test in the everyday run, which has to be quick.
func notEveryDay(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("it needs a service of its own, which the everyday run does without")
	}
}
