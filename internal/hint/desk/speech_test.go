package desk_test

import (
	"strings"
	"testing"

	"codecollab.dev/internal/hint"
)

// The asker's language is that of the answer, with a model and without one; the facts are looked for once for all languages.
func TestAnswersInTheLanguageOfTheAsker(t *testing.T) {
	h := newHouse(t)
	for speech, want := range map[string]string{"en": "Line 3: a bound is off by one", "de": "Zeile 3: Eine Grenze liegt um eins daneben"} {
		q := question("p")
		q.Speech, q.Grounded = speech, true
		if a, _ := h.ask(q); a.Source != hint.SourceGrounded || !strings.HasPrefix(a.Text, want) {
			t.Errorf("%s: %+v", speech, a)
		}
	}
	if n := h.engine.asked.Load(); n != 1 {
		t.Errorf("the program was looked into %d times", n)
	}
	for speech, want := range map[string]string{"en": "in English", "de": "in German"} {
		q := question("p")
		q.Speech = speech
		if a, _ := h.ask(q); a.Cached {
			t.Errorf("%s: an answer in another language came from the cache", speech)
		}
		if !strings.Contains(h.prompts[len(h.prompts)-1], want) {
			t.Errorf("the model is not told to answer %s", want)
		}
	}
	q := question("other")
	q.Speech = "de"
	if a, _ := h.ask(q); !a.Cached {
		t.Error("the same question in the same language is not cached")
	}
}

func TestEverySpeechOfTheTemplatesMayBeAsked(t *testing.T) {
	h := newHouse(t)
	for _, speech := range hint.Speeches() {
		q := question("p")
		q.Speech = speech
		h.ask(q)
	}
}
