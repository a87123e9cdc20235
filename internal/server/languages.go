package server

import (
	"context"
	"net/http"

	"codecollab.dev"
	"codecollab.dev/internal/answer"
)

// Languages tells what can be chosen and run.
type Languages interface {
	// List returns all languages of the catalogue; those that can be run here are Available. While the runner has not said yet
	// what it has, looking is true and none is.
	List(context.Context) (all []Language, looking bool)
	// Find returns a language by its id or an alias.
	Find(name string) (LanguageDetail, bool)
}

// Language is a language as the page's list has it. There are many: what only one of them is asked for is in LanguageDetail.
type Language struct {
	ID         string    `json:"id"`
	Name       string    `json:"name"`
	VariantOf  string    `json:"variantOf,omitempty"` // the language that this is a dialect or another implementation of
	Aliases    []string  `json:"aliases,omitempty"`
	Extensions []string  `json:"extensions"`
	Headers    []string  `json:"headers,omitempty"` // extensions of files that belong to it and are not run
	Mode       string    `json:"mode"`              // of the editor
	Comments   *Comments `json:"comments,omitempty"`
	Indent     string    `json:"indent,omitempty"`   // one level
	File       string    `json:"file"`               // the name of a first file
	Version    string    `json:"version,omitempty"`  // the newest one here
	Versions   []string  `json:"versions,omitempty"` // all, newest first, when there are several
	Available  bool      `json:"available,omitempty"`
	Formats    bool      `json:"formats,omitempty"` // there is a formatter here
}

// Comments are the tokens of comments.
type Comments struct {
	Line  string   `json:"line,omitempty"`
	Block []string `json:"block,omitempty"` // what opens one and what closes it
}

// LanguageDetail is all that a page may want to know of a language.
type LanguageDetail struct {
	Language
	Sample string   `json:"sample"` // the text of a first file
	Errors []string `json:"errors"` // patterns (RE2) of lines of output that name a place: groups file, line, column, message
}

// languagesState is the header that says "looking" while it is not known yet which languages are here.
const languagesState = "X-Languages-State"

func (s *Server) languages(w http.ResponseWriter, r *http.Request) error {
	list, looking := s.opt.Languages.List(r.Context())
	if looking {
		w.Header().Set(languagesState, "looking")
	}
	answer.JSON(w, http.StatusOK, list)
	return nil
}

func (s *Server) language(w http.ResponseWriter, r *http.Request) error {
	lang, err := s.findLanguage(r.PathValue("id"))
	if err != nil {
		return err
	}
	answer.JSON(w, http.StatusOK, lang)
	return nil
}

func (s *Server) findLanguage(name string) (LanguageDetail, error) {
	lang, ok := s.opt.Languages.Find(name)
	if !ok {
		return lang, codecollab.Errorf(codecollab.NotFound, "no_language", "There is no language %.40q here; GET /api/v1/languages lists them.", name)
	}
	return lang, nil
}
