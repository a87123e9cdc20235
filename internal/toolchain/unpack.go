package toolchain

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// unpacker lays layers of an image over each other in a folder. What a layer says can reach nothing outside of it: its paths and its
// links are taken as seen from inside, and os.Root holds that.
type unpacker struct {
	root       *os.Root
	most, left int64 // bytes that the layers may hold
	// fresh are the paths that the current layer has brought, with the folders above them. What a layer removes is of the layers below.
	fresh map[string]bool
}

const (
	whiteout = ".wh."         // before a name: this is removed
	opaque   = ".wh..wh..opq" // in a folder: all that was in it is removed
	block    = 4 << 10        // what even an empty file costs
	linksMax = 40             // as many as Linux follows
)

// unpackOne unpacks a single archive.
func unpackOne(ctx context.Context, from io.Reader, dir string, most int64) error {
	r, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer r.Close()
	u := &unpacker{root: r, most: most, left: most}
	return u.layer(ctx, from)
}

// layer unpacks one of them.
func (u *unpacker) layer(ctx context.Context, from io.Reader) error {
	u.fresh = map[string]bool{}
	archive := tar.NewReader(from)
	for {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := u.entry(h, archive); err != nil {
			return fmt.Errorf("%q: %w", h.Name, err)
		}
	}
}

func (u *unpacker) entry(h *tar.Header, content io.Reader) error {
	name := strings.TrimPrefix(path.Clean("/"+h.Name), "/")
	if name == "" {
		return nil // the root itself is ours
	}
	dir, err := u.resolve(path.Dir(name))
	if err != nil {
		return err
	}
	base := path.Base(name)
	switch {
	case base == opaque:
		return u.clear(dir)
	case strings.HasPrefix(base, whiteout):
		return u.remove(dir, strings.TrimPrefix(base, whiteout))
	}
	if u.left -= max(h.Size, 0) + block; u.left < 0 {
		return fmt.Errorf("the image holds more than %s: runner-image-max", Bytes(u.most))
	}
	full := path.Join(dir, base)
	if err := u.put(h, full, content); err != nil {
		return err
	}
	for p := full; p != "." && !u.fresh[p]; p = path.Dir(p) {
		u.fresh[p] = true
	}
	return nil
}

// resolve follows the links in the path of a folder as a process inside would, and makes folders that are missing.
func (u *unpacker) resolve(dir string) (string, error) {
	at, rest := ".", strings.Split(dir, "/")
	for links := 0; len(rest) > 0; {
		word := rest[0]
		rest = rest[1:]
		switch word {
		case "", ".":
			continue
		case "..":
			at = path.Dir(at)
			continue
		}
		next := path.Join(at, word)
		st, err := u.root.Lstat(next)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			err = u.root.Mkdir(next, 0o755)
		case err != nil:
		case st.Mode()&fs.ModeSymlink != 0:
			if links++; links > linksMax {
				return "", errors.New("its folder is a link that goes round in circles")
			}
			var to string
			if to, err = u.root.Readlink(next); path.IsAbs(to) {
				at = "."
			}
			rest = append(strings.Split(to, "/"), rest...)
			next = at
		case !st.IsDir():
			err = errors.New("its folder is no folder")
		}
		if err != nil {
			return "", err
		}
		at = next
	}
	return at, nil
}

// put makes what a header describes, in place of what was there. Devices and pipes are left out: cells have their own.
func (u *unpacker) put(h *tar.Header, full string, content io.Reader) error {
	mode := h.FileInfo().Mode().Perm() // no set-user-id: it is of no use in a cell
	st, err := u.root.Lstat(full)
	if there := err == nil; there && (h.Typeflag != tar.TypeDir || !st.IsDir()) {
		if err := u.root.RemoveAll(full); err != nil {
			return err
		}
	} else if there {
		return errors.Join(u.root.Chmod(full, mode|0o700), u.own(h, full))
	}
	switch h.Typeflag {
	case tar.TypeDir:
		err = errors.Join(u.root.Mkdir(full, 0o700), u.root.Chmod(full, mode|0o700))
	case tar.TypeReg:
		err = u.file(h, full, mode, content)
	case tar.TypeSymlink:
		err = u.root.Symlink(h.Linkname, full)
	case tar.TypeLink:
		return u.link(h.Linkname, full)
	default:
		return nil
	}
	return errors.Join(err, u.own(h, full))
}

func (u *unpacker) file(h *tar.Header, full string, mode fs.FileMode, content io.Reader) error {
	f, err := u.root.OpenFile(full, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.CopyN(f, content, h.Size)
	if err = errors.Join(err, f.Chmod(mode), f.Close()); err != nil {
		return err
	}
	return u.root.Chtimes(full, h.ModTime, h.ModTime) // compiled Python knows its source by its time
}

// link makes another name of a file.
func (u *unpacker) link(to, full string) error {
	name := strings.TrimPrefix(path.Clean("/"+to), "/")
	dir, err := u.resolve(path.Dir(name))
	if err != nil {
		return err
	}
	return u.root.Link(path.Join(dir, path.Base(name)), full)
}

// own gives a file to whom it belongs in the image, where we may.
func (u *unpacker) own(h *tar.Header, full string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	return u.root.Lchown(full, h.Uid, h.Gid)
}

// remove takes away what a lower layer brought.
func (u *unpacker) remove(dir, name string) error {
	if name == "" || name == "." || name == ".." {
		return errors.New("it removes what has no name")
	}
	if full := path.Join(dir, name); !u.fresh[full] && !strings.HasPrefix(name, whiteout) { // the latter are notes of old engines
		return u.root.RemoveAll(full)
	}
	return nil
}

// clear takes away all that lower layers brought into a folder.
func (u *unpacker) clear(dir string) error {
	children, err := fs.ReadDir(u.root.FS(), dir)
	if err != nil {
		return err
	}
	for _, c := range children {
		full := path.Join(dir, c.Name())
		switch {
		case !u.fresh[full]:
			err = u.root.RemoveAll(full)
		case c.IsDir():
			err = u.clear(full)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
