package scim

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"codecollab.dev/internal/auth"
)

// settle makes the account what the user is, and keeps which one it is.
func (h *Handler) settle(r request, was, res Resource, how string) (Resource, error) {
	p, err := h.provisioned(r.Context(), res)
	if err != nil {
		return res, err
	}
	account, err := h.opt.Directory.Settle(r.Context(), r.Actor, p)
	if err != nil {
		if was.Version == 0 { // the provider will make it again
			_ = h.opt.Store.Delete(context.WithoutCancel(r.Context()), r.Org, res.Kind, res.ID)
		}
		return res, err
	}
	if account != res.Account {
		res.Account = account
		res.Version++
		if err := h.opt.Store.Save(r.Context(), res, h.opt.MaxResources); err != nil {
			return res, err
		}
	}
	switch {
	case !res.Active && (was.Active || was.Version == 0):
		how = "deactivated"
	case res.Active && was.Version > 0 && !was.Active:
		how = "reactivated"
	}
	h.note(r, auth.ActScimUserChanged, account, how, res, nil)
	return res, nil
}

// provisioned is what a user means for their account.
func (h *Handler) provisioned(ctx context.Context, res Resource) (auth.Provisioned, error) {
	var v map[string]any
	if err := json.Unmarshal(res.Data, &v); err != nil {
		return auth.Provisioned{}, err
	}
	role, err := h.opt.Roles(ctx, res.Org, res.ID)
	return auth.Provisioned{
		Org: res.Org, ID: res.ID, Account: res.Account, Subjects: subjects(res, v), Name: nameOf(v), Email: res.Email, Role: role, Active: res.Active,
	}, err
}

// subjects are by what the provider may call the user when they sign in.
func subjects(res Resource, v map[string]any) []string {
	var out []string
	for _, s := range []string{res.External, textOf(v["userName"])} {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// nameOf is the name that others see.
func nameOf(v map[string]any) string {
	if s := textOf(v["displayName"]); s != "" {
		return s
	}
	name, _ := v["name"].(map[string]any)
	if s := textOf(name["formatted"]); s != "" {
		return s
	}
	if s := strings.TrimSpace(textOf(name["givenName"]) + " " + textOf(name["familyName"])); s != "" {
		return s
	}
	return textOf(v["userName"])
}

func count(list []string) string { return strconv.Itoa(len(list)) }

// note writes into the audit log what a provider has changed.
func (h *Handler) note(r request, action, target, how string, res Resource, detail map[string]string) {
	if detail == nil {
		detail = map[string]string{}
	}
	detail["how"], detail["name"], detail["resource"] = how, res.Name, res.ID
	a := r.Actor
	h.opt.Directory.Note(r.Context(), auth.Entry{
		Org: r.Org, Name: a.Account.Name, Action: action, Target: target, Outcome: auth.OK, Address: a.Address, Agent: a.Agent, Detail: detail,
	})
}
