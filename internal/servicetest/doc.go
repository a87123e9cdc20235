// Package servicetest starts the real services that tests need, each on a free port of its own and with a folder of its own. They
// end with the test, and with the process of the tests, however it ends.
package servicetest
