package voice

import (
	"cmp"
	"slices"
	"time"
)

const (
	louderBy  = 6.0                    // somebody takes the place of one who speaks only when so much louder,
	holdFor   = 700 * time.Millisecond // and not within this time of the last change
	pauseFor  = 600 * time.Millisecond // whoever has been silent for so long has stopped speaking
	pickEvery = 20 * time.Millisecond
)

// candidate is a source as picking sees it.
type candidate struct {
	src   *source
	loud  float64
	spoke time.Time
	since time.Time // when it was picked; zero: it is not
}

func (c candidate) speaks(now time.Time) bool { return now.Sub(c.spoke) < pauseFor }

// pick says who is heard in a room that is too large for everybody to be: at most slots of all. Who is heard stays so until
// somebody else speaks: silence alone changes nothing.
func pick(all []candidate, slots int, now time.Time) []*source {
	var on, off []candidate
	for _, c := range all {
		if c.since.IsZero() {
			off = append(off, c)
		} else {
			on = append(on, c)
		}
	}
	// Those who wait: the loudest speaker first; and the silent, in the order of their last word, to fill what is free.
	slices.SortStableFunc(off, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.loud, a.loud), b.spoke.Compare(a.spoke))
	})
	for _, c := range off {
		if len(on) < slots {
			on = append(on, c)
			continue
		}
		if c.loud < audible {
			break
		}
		i := weakest(on, now)
		if i < 0 || on[i].speaks(now) && (c.loud < max(on[i].loud, audible)+louderBy || now.Sub(on[i].since) < holdFor) {
			break
		}
		on[i] = c
	}
	out := make([]*source, len(on))
	for i, c := range on {
		out[i] = c.src
	}
	return out
}

// weakest is who gives their place away first: who has been silent for longest, else the quietest speaker.
func weakest(on []candidate, now time.Time) int {
	worst := -1
	for i, c := range on {
		if worst < 0 {
			worst = i
			continue
		}
		w := on[worst]
		switch {
		case c.speaks(now) != w.speaks(now):
			if !c.speaks(now) {
				worst = i
			}
		case !c.speaks(now):
			if c.spoke.Before(w.spoke) {
				worst = i
			}
		case c.loud < w.loud:
			worst = i
		}
	}
	return worst
}
