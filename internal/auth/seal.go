package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Sealer keeps secrets that have to be read again, like those of connections, from whoever has the database but not the key.
type Sealer struct{ aead cipher.AEAD }

const sealKeyLen = 32

// NewSealer makes a Sealer of a key of 32 bytes.
func NewSealer(key []byte) (*Sealer, error) {
	if len(key) != sealKeyLen {
		return nil, fmt.Errorf("the key for secrets has %d bytes, not %d", len(key), sealKeyLen)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &Sealer{aead}, nil
}

// OpenSealer makes a Sealer of the key in a file, which is made when it is not there. Without the file nothing that was sealed
// can be read again: it belongs into every backup.
func OpenSealer(file string) (*Sealer, error) {
	key, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		key, err = newSealKey(file)
	}
	if err != nil {
		return nil, err
	}
	s, err := NewSealer(key)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; put the file from a backup there", file, err)
	}
	return s, nil
}

// newSealKey writes a key that is whole or not there at all.
func newSealKey(file string) ([]byte, error) {
	key := make([]byte, sealKeyLen)
	_, _ = rand.Read(key) // it never fails
	part := file + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = f.Write(key)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	return key, os.Rename(part, file)
}

// Seal hides text. About is what it belongs to: it opens only as a part of that.
func (s *Sealer) Seal(text []byte, about string) []byte {
	return s.aead.Seal(nil, nil, text, []byte(about))
}

// Open is the text that was sealed.
func (s *Sealer) Open(sealed []byte, about string) ([]byte, error) {
	text, err := s.aead.Open(nil, nil, sealed, []byte(about))
	if err != nil {
		return nil, fmt.Errorf("what is sealed for %s does not open: is the key another one than it was?", about)
	}
	return text, nil
}
