package saml

import (
	"fmt"

	"codecollab.dev"
)

// refused says why somebody does not come in. People are told the code, in the page's words; the reason is for the log, in words
// that an administrator understands. Nearly everything has one code, so that who forges a message learns nothing from the answer.
func refused(format string, args ...any) error {
	return because("saml_refused", fmt.Errorf(format, args...))
}

func because(code string, reason error) error {
	e := codecollab.Errorf(codecollab.Forbidden, code, "What the organisation's identity provider sent was not accepted")
	e.Err = reason
	return e
}

// errUnsolicited says that nobody here had asked the provider.
func errUnsolicited() error {
	return because("saml_unsolicited", fmt.Errorf("the provider sent somebody whom we had not sent there (login that the provider initiates), "+
		"and the connection does not allow that; start at our sign-in page, or allow it in the connection's settings"))
}

// errLate says that somebody was too slow.
func errLate(format string, args ...any) error {
	return because("saml_expired", fmt.Errorf(format, args...))
}

// errUnreachable says that nothing is known about the provider.
func errUnreachable(reason error) error {
	e := codecollab.Errorf(codecollab.Unavailable, "provider_unreachable", "The organisation's identity provider cannot be asked")
	e.Err = reason
	return e
}
