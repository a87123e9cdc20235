package toolchain

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

var environmentName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,62}$`)

// checkName refuses names that environments of images cannot have.
func checkName(s string) error {
	if _, err := codename(s); s == Host || err == nil {
		return fmt.Errorf("the name %q belongs to an environment that is not made from an image: choose another", s)
	}
	if !environmentName.MatchString(s) || strings.HasSuffix(s, ".new") || strings.HasSuffix(s, ".old") {
		return fmt.Errorf("%q cannot be the name of an environment: use up to 63 small letters, digits and - _ . but begin with a letter or digit", s)
	}
	return nil
}

// Import takes an OCI image as an environment: from is a reference to a registry, a file as docker save and podman save write it, or a
// folder in the OCI layout. An environment that has this name already is replaced when the new one is complete. Which languages are in
// it, nobody has to say: those whose version command answers.
func (i *Installer) Import(ctx context.Context, environment, from string) error {
	if err := checkName(environment); err != nil {
		return err
	}
	unlock, err := i.store.lock()
	if err != nil {
		return err
	}
	defer unlock()
	if err := i.sweep(); err != nil {
		return err
	}
	step := "importing " + from + " as " + environment
	building := i.store.environment(environment) + ".new"
	if err := os.MkdirAll(filepath.Join(building, "root"), 0o755); err != nil {
		return failed(ctx, step, err)
	}
	defer os.RemoveAll(building)
	i.options.Progress(Event{Step: 1, Steps: 1, Title: step, Percent: -1})
	image, err := i.image(ctx, from, filepath.Join(building, "layout"))
	if err != nil {
		return failed(ctx, step, err)
	}
	digest, err := image.Digest()
	if err == nil {
		err = i.unpackImage(ctx, image, filepath.Join(building, "root"), step)
	}
	if err == nil {
		err = os.RemoveAll(filepath.Join(building, "layout"))
	}
	if err != nil {
		return failed(ctx, step, err)
	}
	if err := replaceEnvironment(building, i.store.environment(environment)); err != nil {
		return failed(ctx, step, err)
	}
	return failed(ctx, step, i.store.note(environment, &made{From: from + " " + digest.String()}))
}

// replaceEnvironment puts a new root into its place.
func replaceEnvironment(next, path string) error {
	old := path + ".old"
	if err := os.Rename(path, old); err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		return err
	}
	return os.RemoveAll(old)
}

// image finds the image for this machine's architecture. Scratch is a folder that it may make.
func (i *Installer) image(ctx context.Context, from, scratch string) (v1.Image, error) {
	st, err := os.Stat(from)
	switch {
	case err == nil && st.IsDir():
		return imageOfLayout(from)
	case err == nil:
		return i.imageOfFile(ctx, from, scratch)
	case filepath.IsAbs(from) || strings.HasPrefix(from, ".") || strings.HasSuffix(from, ".tar"):
		return nil, err
	}
	ref, err := name.ParseReference(from)
	if err != nil {
		return nil, fmt.Errorf("this is neither a file here nor a reference to a registry: %w", err)
	}
	image, err := remote.Image(ref, remote.WithContext(ctx), remote.WithPlatform(platform()), remote.WithAuthFromKeychain(authn.DefaultKeychain))
	if err != nil {
		return nil, err
	}
	return image, checkPlatform(image)
}

func platform() v1.Platform { return v1.Platform{OS: "linux", Architecture: runtime.GOARCH} }

func checkPlatform(image v1.Image) error {
	config, err := image.ConfigFile()
	if err != nil {
		return err
	}
	if config.OS != "linux" || config.Architecture != runtime.GOARCH {
		return fmt.Errorf("the image is for %s/%s, and this machine is linux/%s", config.OS, config.Architecture, runtime.GOARCH)
	}
	return nil
}

// imageOfFile opens what docker save wrote, or else an OCI layout in a tar.
func (i *Installer) imageOfFile(ctx context.Context, path, scratch string) (v1.Image, error) {
	image, err := tarball.ImageFromPath(path, nil)
	if err == nil {
		return image, checkPlatform(image)
	}
	f, openErr := os.Open(path)
	if openErr != nil {
		return nil, openErr
	}
	defer f.Close()
	if mkErr := os.Mkdir(scratch, 0o700); mkErr != nil {
		return nil, mkErr
	}
	if unpackErr := unpackOne(ctx, f, scratch, i.options.ImageMost); unpackErr != nil {
		return nil, errors.Join(err, unpackErr)
	}
	if _, statErr := os.Stat(filepath.Join(scratch, "index.json")); statErr != nil {
		return nil, err
	}
	return imageOfLayout(scratch)
}

func imageOfLayout(dir string) (v1.Image, error) {
	index, err := layout.ImageIndexFromPath(dir)
	if err != nil {
		return nil, fmt.Errorf("%s is no OCI layout: %w", dir, err)
	}
	image, err := imageOfIndex(index)
	if err != nil {
		return nil, err
	}
	return image, checkPlatform(image)
}

// imageOfIndex picks the first image for this machine.
func imageOfIndex(index v1.ImageIndex) (v1.Image, error) {
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, err
	}
	fits := func(d v1.Descriptor) bool { return d.Platform == nil || d.Platform.Satisfies(platform()) }
	n := slices.IndexFunc(manifest.Manifests, fits)
	if n < 0 {
		return nil, fmt.Errorf("it holds no image for linux/%s", runtime.GOARCH)
	}
	d := manifest.Manifests[n]
	if !d.MediaType.IsIndex() {
		return index.Image(d.Digest)
	}
	inner, err := index.ImageIndex(d.Digest)
	if err != nil {
		return nil, err
	}
	return imageOfIndex(inner)
}

// unpackImage lays the layers over each other.
func (i *Installer) unpackImage(ctx context.Context, image v1.Image, root, step string) error {
	layers, err := image.Layers()
	if err != nil {
		return err
	}
	r, err := os.OpenRoot(root)
	if err != nil {
		return err
	}
	defer r.Close()
	u := &unpacker{root: r, most: i.options.ImageMost, left: i.options.ImageMost}
	for n, l := range layers {
		i.options.Progress(Event{Step: 1, Steps: 1, Title: step, Text: fmt.Sprintf("layer %d of %d", n+1, len(layers)),
			Percent: 100 * float64(n) / float64(len(layers))})
		content, err := l.Uncompressed()
		if err != nil {
			return err
		}
		err = u.layer(ctx, content)
		if err = errors.Join(err, content.Close()); err != nil {
			return fmt.Errorf("layer %d of %d: %w", n+1, len(layers), err)
		}
	}
	if _, err := r.Stat("usr"); err != nil {
		return errors.New("the image has no /usr, so no language can be in it")
	}
	return nil
}
