package text

import "unicode/utf8"

// The parameters of FNV-1a with 32 bits.
const (
	fnvOffset = 2166136261
	fnvPrime  = 16777619
)

// Hash returns the FNV-1a hash of 32 bits over the UTF-16 code units, the low byte of each before its high byte. The
// client computes the same over its document, to find out whether the two have drifted apart; it is no protection
// against someone who wants them to.
func (t Text) Hash() uint32 {
	h := uint32(fnvOffset)
	root := t.tree()
	if root == nil {
		return h
	}
	root.each(func(s string) bool {
		h = hashString(h, s)
		return true
	})
	return h
}

func hashString(h uint32, s string) uint32 {
	const square = fnvPrime * fnvPrime & 0xffffffff // the high byte is zero: only its multiplication is left
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			h = (h ^ uint32(c)) * square
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if r >= astral {
			r -= astral
			h = hashUnit(h, 0xD800+uint32(r>>10))
			r = 0xDC00 + r&0x3FF
		}
		h = hashUnit(h, uint32(r))
	}
	return h
}

func hashUnit(h, unit uint32) uint32 {
	h = (h ^ unit&0xff) * fnvPrime
	return (h ^ unit>>8) * fnvPrime
}
