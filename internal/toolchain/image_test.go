package toolchain

import (
	"archive/tar"
	"bytes"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// imageFor makes an image of layers for an architecture.
func imageFor(t *testing.T, arch string, layers ...[]byte) v1.Image {
	t.Helper()
	image := empty.Image
	for _, l := range layers {
		layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(l)), nil })
		if err != nil {
			t.Fatal(err)
		}
		if image, err = mutate.AppendLayers(image, layer); err != nil {
			t.Fatal(err)
		}
	}
	config, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	config = config.DeepCopy()
	config.OS, config.Architecture = "linux", arch
	if image, err = mutate.ConfigFile(image, config); err != nil {
		t.Fatal(err)
	}
	return image
}

func smallImage(t *testing.T, arch string) v1.Image {
	return imageFor(t, arch,
		layerOf(t, entry{name: "usr/bin/lang", text: "old"}, entry{name: "bin", kind: tar.TypeSymlink, link: "usr/bin"}, entry{name: "usr/gone", text: "1"}),
		layerOf(t, entry{name: "bin/lang", text: "new on " + arch}, entry{name: "usr/.wh.gone"}))
}

// serveRegistry is a registry on this machine.
func serveRegistry(t *testing.T) string {
	t.Helper()
	srv := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(srv.Close)
	return strings.TrimPrefix(srv.URL, "http://")
}

func importInto(t *testing.T, s *Store, as, from string) error {
	t.Helper()
	return NewInstaller(s, nil, Options{}).Import(t.Context(), as, from)
}

// wantImage looks at the environment that smallImage makes.
func wantImage(t *testing.T, s *Store, as string) {
	t.Helper()
	all, err := s.Environments()
	if err != nil || len(all) != 2 || all[0].Name != as || all[1].Name != Host {
		t.Fatalf("%+v, %v", all, err)
	}
	if got, want := tree(t, all[0].Root), "bin->usr/bin usr/ usr/bin/ usr/bin/lang=new on "+runtime.GOARCH; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	left, err := os.ReadDir(filepath.Join(s.dir, "environments"))
	if err != nil || len(left) != 1 {
		t.Errorf("beside the environment there is %v, %v", left, err)
	}
}

func TestImportFromRegistry(t *testing.T) {
	host := serveRegistry(t)
	ref, err := name.ParseReference(host + "/langs:1")
	if err != nil {
		t.Fatal(err)
	}
	// One name for two architectures, as most images are.
	index := mutate.AppendManifests(empty.Index,
		mutate.IndexAddendum{Add: smallImage(t, "s390x"), Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "s390x"}}},
		mutate.IndexAddendum{Add: smallImage(t, runtime.GOARCH), Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: runtime.GOARCH}}})
	if err := remote.WriteIndex(ref, index); err != nil {
		t.Fatal(err)
	}
	s := Open(t.TempDir())
	if err := importInto(t, s, "mine", ref.String()); err != nil {
		t.Fatal(err)
	}
	wantImage(t, s, "mine")
	if err := importInto(t, s, "mine", ref.String()); err != nil {
		t.Fatal("again:", err)
	}
	wantImage(t, s, "mine")
	if err := NewInstaller(s, nil, Options{}).RemoveEnvironment("mine"); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Environments(); err != nil || len(all) != 1 {
		t.Errorf("after removal: %v, %v", all, err)
	}
}

func TestImportFromFiles(t *testing.T) {
	dir := t.TempDir()
	image := smallImage(t, runtime.GOARCH)
	saved := filepath.Join(dir, "saved.tar")
	tag, err := name.NewTag("example.org/langs:1")
	if err != nil {
		t.Fatal(err)
	}
	if err := tarball.WriteToFile(saved, tag, image); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, "folder")
	if _, err := layout.Write(folder, mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: image})); err != nil {
		t.Fatal(err)
	}
	packed := filepath.Join(dir, "packed.tar")
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.AddFS(os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(packed, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{saved, folder, packed} {
		t.Run(filepath.Base(from), func(t *testing.T) {
			s := Open(t.TempDir())
			if err := importInto(t, s, "mine", from); err != nil {
				t.Fatal(err)
			}
			wantImage(t, s, "mine")
		})
	}
}

// What is refused leaves the environment that was there.
func TestImportRefused(t *testing.T) {
	host := serveRegistry(t)
	dir := t.TempDir()
	save := func(file string, image v1.Image) string {
		t.Helper()
		path := filepath.Join(dir, file)
		tag, err := name.NewTag("example.org/" + strings.TrimSuffix(file, ".tar") + ":1")
		if err == nil {
			err = tarball.WriteToFile(path, tag, image)
		}
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := save("good.tar", smallImage(t, runtime.GOARCH))
	noise := filepath.Join(dir, "noise.tar")
	if err := os.WriteFile(noise, []byte("this is no archive"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := Open(t.TempDir())
	if err := importInto(t, s, "mine", good); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, from, want string }{
		{"host", good, "belongs to an environment"},
		{"debian-13", good, "belongs to an environment"},
		{"Mine", good, "small letters"},
		{"../x", good, "small letters"},
		{"a/b", good, "small letters"},
		{"", good, "small letters"},
		{"x.new", good, "small letters"},
		{"mine", filepath.Join(dir, "none.tar"), "no such file"},
		{"mine", "./none", "no such file"},
		{"mine", "No Such Thing", "neither a file here nor a reference"},
		{"mine", host + "/none:1", "NAME_UNKNOWN"},
		{"mine", noise, "importing"},
		{"mine", save("foreign.tar", smallImage(t, "s390x")), "the image is for linux/s390x"},
		{"mine", save("bare.tar", imageFor(t, runtime.GOARCH, layerOf(t, entry{name: "a", text: "1"}))), "no /usr"},
		{"mine", save("huge.tar", imageFor(t, runtime.GOARCH, layerOf(t, entry{name: "usr/a", text: strings.Repeat("x", 1<<20)}))), "layer 1 of 1"},
	} {
		err := NewInstaller(s, nil, Options{ImageMost: 1 << 19}).Import(t.Context(), c.name, c.from)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("import %q %q: %v, want %q", c.name, c.from, err, c.want)
		}
		wantImage(t, s, "mine")
	}
}
