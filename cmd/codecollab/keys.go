package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"codecollab.dev/internal/auth"
	"codecollab.dev/internal/auth/saml"
	"codecollab.dev/internal/config"
	"codecollab.dev/internal/store/people"
)

// sharedKeys makes sure that the nodes of one database have the same keys. The keys themselves lie in each node's data folder; the
// database has a fingerprint, which the first node leaves there.
type sharedKeys struct {
	folder string
	db     *people.Store
	on     bool // false: there is one node
}

func newSharedKeys(s config.Settings, kept *stores, db *people.Store) sharedKeys {
	return sharedKeys{folder: s.Data, db: db, on: kept.server != nil}
}

// whatFor says what a key is good for, to whoever has lost it.
var whatFor = map[string]string{
	sealKey: "opens what is sealed in the database, like the secrets of connections to identity providers",
	samlKey: "signs for this installation, and identity providers know its certificate",
}

// missing refuses to make a new key where another node has one already.
func (k sharedKeys) missing(ctx context.Context, name string) error {
	file := filepath.Join(k.folder, name)
	if _, err := os.Stat(file); err == nil || !k.on {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	agreed, err := k.db.Agreed(ctx, name)
	if err == nil && agreed != "" {
		err = fmt.Errorf("this node has no %s, but the nodes of this database have one, which %s. Copy that file from the data folder of another node, "+
			"or from a backup, to %s (mode 0600). If it is lost for ever: codecollab admin forget-keys", name, whatFor[name], file)
	}
	return err
}

// agree makes sure that a key is that of the other nodes.
func (k sharedKeys) agree(ctx context.Context, name string, key []byte) error {
	if !k.on {
		return nil
	}
	sum := sha256.Sum256(append([]byte("codecollab fingerprint of "+name+"\n"), key...))
	own := hex.EncodeToString(sum[:])
	agreed, err := k.db.Agree(ctx, name, own)
	if err == nil && agreed != own {
		err = fmt.Errorf("the %s of this node is another one than that of the other nodes of this database (fingerprint %.12s…, not %.12s…), and it %s. "+
			"Copy the file from the data folder of another node, or from a backup, to %s (mode 0600), and start again. "+
			"If the other one is lost for ever: codecollab admin forget-keys",
			name, own, agreed, whatFor[name], filepath.Join(k.folder, name))
	}
	return err
}

// sealer opens the key of what is sealed.
func (k sharedKeys) sealer(ctx context.Context) (*auth.Sealer, error) {
	if err := k.missing(ctx, sealKey); err != nil {
		return nil, err
	}
	file := filepath.Join(k.folder, sealKey)
	sealer, err := auth.OpenSealer(file)
	if err != nil {
		return nil, err
	}
	key, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return sealer, k.agree(ctx, sealKey, key)
}

// saml is the pair of keys for SAML, which is made when somebody asks for it first. One that is there already is looked at now.
func (k sharedKeys) saml(ctx context.Context) (saml.Keys, error) {
	pair := &samlPair{shared: k, file: saml.NewFileKeys(filepath.Join(k.folder, samlKey))}
	if err := k.missing(ctx, samlKey); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(k.folder, samlKey)); err == nil {
		if _, err := pair.Pair(ctx); err != nil {
			return nil, err
		}
	}
	return pair, nil
}

// samlPair is a pair in a file that is the same on all nodes.
type samlPair struct {
	shared sharedKeys
	file   *saml.FileKeys
	mu     sync.Mutex
	agreed bool
}

// Pair implements saml.Keys.
func (p *samlPair) Pair(ctx context.Context) (saml.Pair, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.agreed {
		return p.file.Pair(ctx)
	}
	if err := p.shared.missing(ctx, samlKey); err != nil {
		return saml.Pair{}, err
	}
	pair, err := p.file.Pair(ctx)
	if err == nil {
		err = p.shared.agree(ctx, samlKey, pair.Certificate)
	}
	p.agreed = err == nil
	return pair, err
}
