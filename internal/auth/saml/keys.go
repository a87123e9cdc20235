package saml

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"sync"
	"time"
)

// Pair is our key and its certificate: we sign with it, and providers encrypt for it.
type Pair struct {
	Key         *rsa.PrivateKey
	Certificate []byte // DER
}

// Keys keep the pair of this installation.
type Keys interface {
	Pair(ctx context.Context) (Pair, error)
}

// FileKeys keep the pair in a file, and make it when it is asked for first.
type FileKeys struct {
	file string
	mu   sync.Mutex
	pair *Pair
}

// NewFileKeys keeps the pair in a file. It belongs into every backup: providers know its certificate.
func NewFileKeys(file string) *FileKeys { return &FileKeys{file: file} }

const (
	keyBits  = 3072
	keyYears = 20 // providers pin the certificate: when it ends says nothing about how safe the key is
)

// Pair returns the pair.
func (k *FileKeys) Pair(context.Context) (Pair, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.pair != nil {
		return *k.pair, nil
	}
	data, err := os.ReadFile(k.file)
	if errors.Is(err, fs.ErrNotExist) {
		data, err = makePair(k.file)
	}
	if err != nil {
		return Pair{}, err
	}
	pair, err := parsePair(data)
	if err != nil {
		return Pair{}, fmt.Errorf("%s: %w; put the file from a backup there, or remove it for a new one, which every provider then has to be told", k.file, err)
	}
	k.pair = &pair
	return pair, nil
}

// makePair writes a new pair that is whole or not there at all.
func makePair(file string) ([]byte, error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "CodeCollab SAML"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().AddDate(keyYears, 0, 0),
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	data := append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})...)
	part := file + ".part"
	if err := os.WriteFile(part, data, 0o600); err != nil {
		return nil, err
	}
	return data, os.Rename(part, file)
}

func parsePair(data []byte) (Pair, error) {
	key, rest := pem.Decode(data)
	if key == nil {
		return Pair{}, errors.New("there is no key in it")
	}
	certificate, _ := pem.Decode(rest)
	if certificate == nil {
		return Pair{}, errors.New("there is no certificate in it")
	}
	private, err := x509.ParsePKCS8PrivateKey(key.Bytes)
	if err != nil {
		return Pair{}, err
	}
	pair := Pair{Certificate: certificate.Bytes}
	var ok bool
	if pair.Key, ok = private.(*rsa.PrivateKey); !ok {
		return Pair{}, errors.New("its key is not RSA")
	}
	c, err := x509.ParseCertificate(pair.Certificate)
	if err == nil && !pair.Key.PublicKey.Equal(c.PublicKey) {
		err = errors.New("its certificate belongs to another key")
	}
	return pair, err
}
