package main

import (
	"crypto/tls"
	"os"
	"sync"
	"time"
)

// certificate is that of files which somebody renews while the server runs.
type certificate struct {
	cert, key string

	mu   sync.Mutex
	pair tls.Certificate
	seen time.Time // the file's time of change, when it was read
	next time.Time // when it is looked at again
}

const lookAgain = time.Minute

func newCertificate(cert, key string) (*certificate, error) {
	c := &certificate{cert: cert, key: key}
	return c, c.read()
}

func (c *certificate) read() error {
	info, err := os.Stat(c.cert)
	if err != nil || info.ModTime().Equal(c.seen) {
		return err
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return err
	}
	c.pair, c.seen = pair, info.ModTime()
	return nil
}

// get is the certificate as it is now; the last good one, while its files are broken or gone.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.After(c.next) {
		c.next = now.Add(lookAgain)
		_ = c.read()
	}
	pair := c.pair
	return &pair, nil
}
