package saml

import (
	"context"
	"fmt"
	"strings"
	"time"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/fetch"
)

// soon is when an administrator should know that a certificate ends.
const soon = 30 * 24 * time.Hour

// Check tries whether a connection could work, without anybody signing in.
func (s *Service) Check(ctx context.Context, site Site) []auth.Step {
	var steps []auth.Step
	add := func(name string, ok bool, detail, fix string) {
		if ok {
			fix = ""
		}
		steps = append(steps, auth.Step{Name: name, OK: ok, Detail: detail, Fix: fix})
	}
	if err := Validate(site.Connection.Settings); err != nil {
		add("settings", false, err.Error(), "Change what it names, and save.")
		return steps
	}
	add("settings", true, "", "")
	if err := fetch.Address(site.Origin); err != nil {
		add("address", false, err.Error(), "Set public-url to the https address that people use.")
	} else {
		add("address", true, site.ACS(), "")
	}
	p, err := s.fresh(ctx, site)
	if err != nil {
		add("metadata", false, reasonOf(err), "Open the address of the metadata in a browser: it has to answer with XML, also to this server.")
		return steps
	}
	add("metadata", true, p.Entity, "")
	add("sso", p.SSO.Location != "", p.SSO.Location, "The metadata has to name one.")
	steps = append(steps, s.checkCertificates(p)...)
	if p.SLO.Location != "" {
		add("slo", true, p.SLO.Location, "")
	}
	return steps
}

// fresh asks the provider for its metadata now, whatever is known.
func (s *Service) fresh(ctx context.Context, site Site) (Provider, error) {
	settings, err := ParseSettings(site.Connection.Settings)
	if err != nil {
		return Provider{}, err
	}
	if settings.MetadataURL == "" {
		return s.directory.provider(ctx, site.Connection.ID, settings)
	}
	m := &described{url: settings.MetadataURL, entity: settings.EntityID}
	opt := s.opt
	opt.Kept = nil
	asking := newDirectory(opt)
	if err := asking.ask(ctx, site.Connection.ID, m); err != nil {
		return Provider{}, err
	}
	return m.provider, asking.current(m.provider, nil)
}

func (s *Service) checkCertificates(p Provider) []auth.Step {
	now := s.opt.Now()
	good, names := 0, []string{}
	step := auth.Step{Name: "certificate", OK: true}
	for _, c := range p.Certificates {
		state := "until " + c.NotAfter.Format(time.DateOnly)
		switch {
		case now.After(c.NotAfter):
			state = "ended on " + c.NotAfter.Format(time.DateOnly)
		case now.Before(c.NotBefore):
			state = "from " + c.NotBefore.Format(time.DateOnly)
			good++
		case now.Add(soon).After(c.NotAfter):
			state = fmt.Sprintf("ends soon, on %s", c.NotAfter.Format(time.DateOnly))
			good++
		default:
			good++
		}
		names = append(names, nameOf(c)+" "+state)
	}
	step.Detail = strings.Join(names, "; ")
	if good == 0 {
		step.OK, step.Fix = false, "Get the provider's current certificate, or its metadata, and save it here."
	}
	return []auth.Step{step}
}
