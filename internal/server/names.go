package server

import (
	"crypto/rand"
	"encoding/binary"
	"strings"
)

// A room's name is easy to read out and to tell apart ("calm-heron-…"); what keeps it from being guessed is the random
// part of 60 bits behind the two words.
func newRoomID() string {
	return pick(adjectives) + "-" + pick(animals) + "-" + randomID(12)
}

func newFileID() string { return "f" + randomID(15) }

// randomID returns n characters of a–z and 2–7, 5 bits each. n is at most 26.
func randomID(n int) string { return strings.ToLower(rand.Text()[:n]) }

func pick(words []string) string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return words[int(binary.LittleEndian.Uint32(b[:]))%len(words)]
}

var adjectives = []string{
	"amber", "bold", "brave", "bright", "brisk", "calm", "clear", "clever", "cosmic", "crisp", "curious", "daring",
	"eager", "fair", "gentle", "golden", "keen", "kind", "lively", "lucid", "mellow", "nimble", "noble", "polite",
	"proud", "quick", "quiet", "steady", "sunny", "swift", "warm", "witty",
}

var animals = []string{
	"badger", "bear", "bison", "crane", "deer", "dolphin", "eagle", "falcon", "ferret", "finch", "fox", "gecko",
	"hare", "heron", "ibex", "jay", "koala", "lark", "lynx", "marten", "mole", "newt", "otter", "owl",
	"panda", "puffin", "raven", "robin", "seal", "stork", "tapir", "wren",
}
