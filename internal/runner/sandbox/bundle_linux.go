package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// The part of an OCI bundle's config.json that we use; see the runtime specification of the Open Container Initiative, 1.0.
type (
	ociConfig struct {
		Version  string     `json:"ociVersion"`
		Process  ociProcess `json:"process"`
		Root     ociRoot    `json:"root"`
		Hostname string     `json:"hostname"`
		Mounts   []ociMount `json:"mounts"`
		Linux    ociLinux   `json:"linux"`
	}
	ociProcess struct {
		User            ociUser  `json:"user"`
		Args            []string `json:"args"`
		Env             []string `json:"env"`
		Cwd             string   `json:"cwd"`
		Capabilities    struct{} `json:"capabilities"` // none
		NoNewPrivileges bool     `json:"noNewPrivileges"`
	}
	ociUser struct {
		UID int `json:"uid"`
		GID int `json:"gid"`
	}
	ociRoot struct {
		Path     string `json:"path"`
		Readonly bool   `json:"readonly"`
	}
	ociMount struct {
		Destination string   `json:"destination"`
		Type        string   `json:"type"`
		Source      string   `json:"source"`
		Options     []string `json:"options"`
	}
	ociLinux struct {
		CgroupsPath   string         `json:"cgroupsPath"`
		Namespaces    []ociNamespace `json:"namespaces"`
		Resources     ociResources   `json:"resources"`
		MaskedPaths   []string       `json:"maskedPaths"`
		ReadonlyPaths []string       `json:"readonlyPaths"`
	}
	ociNamespace struct {
		Type string `json:"type"`
	}
	ociResources struct {
		Devices []ociDevice `json:"devices"`
		Memory  ociLimit    `json:"memory"`
		Pids    ociLimit    `json:"pids"`
	}
	ociDevice struct {
		Allow  bool   `json:"allow"`
		Access string `json:"access"`
	}
	ociLimit struct {
		Limit int64 `json:"limit"`
	}
)

// bundle makes the container's folder: its root, what is mounted there, and its config.json.
func (c *container) bundle(plan *blueprint) error {
	if err := os.Mkdir(c.dir, 0o711); err != nil {
		return err
	}
	if err := c.root(plan); err != nil {
		return err
	}
	work := filepath.Join(c.dir, "work")
	if err := errors.Join(os.Mkdir(work, 0o700), tmpfs(work, plan.Disk, plan.Inodes, 0o700), os.Chown(work, containerUser, containerUser)); err != nil {
		return err
	}
	mounts, err := c.mounts(plan)
	if err != nil {
		return err
	}
	config := ociConfig{
		Version: "1.0.2", Hostname: "cell", Mounts: mounts,
		Process: ociProcess{User: ociUser{containerUser, containerUser}, Args: []string{keeperPath}, Env: cellEnv, Cwd: "/", NoNewPrivileges: true},
		Root:    ociRoot{Path: "rootfs", Readonly: true},
		Linux: ociLinux{
			CgroupsPath: c.group.ociPath(),
			Resources: ociResources{Devices: []ociDevice{{Allow: false, Access: "rwm"}},
				Memory: ociLimit{c.group.memory()}, Pids: ociLimit{number(c.group.at["pids"].dir, "pids.max")}},
		},
	}
	for _, kind := range []string{"pid", "network", "ipc", "uts", "mount", "cgroup"} {
		config.Linux.Namespaces = append(config.Linux.Namespaces, ociNamespace{kind})
	}
	for _, name := range slices.Concat(maskedFiles, maskedDirs) {
		config.Linux.MaskedPaths = append(config.Linux.MaskedPaths, "/proc/"+name)
	}
	for _, name := range frozen {
		config.Linux.ReadonlyPaths = append(config.Linux.ReadonlyPaths, "/proc/"+name)
	}
	text, err := json.Marshal(config)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.dir, "config.json"), text, 0o600)
}

// root lays out what a container sees beside its mounts.
func (c *container) root(plan *blueprint) error {
	root := filepath.Join(c.dir, "rootfs")
	for _, dir := range []string{"etc", "proc", "dev", "work", "tmp", "run", "var", "home"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			return err
		}
	}
	for name, text := range etc {
		text = strings.ReplaceAll(text, fmt.Sprint(":", programID, ":"), fmt.Sprint(":", containerUser, ":"))
		if err := os.WriteFile(filepath.Join(root, "etc", name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	if err := errors.Join(os.Symlink("/work", filepath.Join(root, "home/runner")), os.Symlink("/tmp", filepath.Join(root, "var/tmp"))); err != nil {
		return err
	}
	for path, target := range plan.Links {
		if err := errors.Join(os.MkdirAll(filepath.Dir(root+path), 0o755), os.Symlink(target, root+path)); err != nil {
			return err
		}
	}
	for _, m := range plan.Mounts {
		if m.Device || strings.HasPrefix(m.To, "/tmp/") { // the runtime makes the one, and what is hidden by another mount
			continue
		}
		if err := mountPlace(root+m.To, m.Dir); err != nil {
			return err
		}
	}
	return mountPlace(root+keeperPath, false)
}

func (c *container) mounts(plan *blueprint) ([]ociMount, error) {
	space := []string{fmt.Sprintf("size=%d", plan.Disk), fmt.Sprintf("nr_inodes=%d", plan.Inodes), "mode=1777", "nosuid", "nodev"}
	mounts := []ociMount{
		{"/proc", "proc", "proc", []string{"nosuid", "noexec", "nodev", "hidepid=2"}},
		{"/dev", "tmpfs", "tmpfs", []string{"nosuid", "noexec", "mode=755", "size=65536"}},
		{"/dev/pts", "devpts", "devpts", []string{"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"}},
		{"/dev/shm", "tmpfs", "shm", space},
		{"/tmp", "tmpfs", "tmpfs", space},
		{"/work", "bind", filepath.Join(c.dir, "work"), []string{"bind", "rw", "nosuid", "nodev"}},
		{keeperPath, "bind", c.tier.keeper, []string{"bind", "ro", "nosuid", "nodev"}},
	}
	for i, m := range plan.Mounts {
		if m.Device { // a runtime gives every container those that we would
			continue
		}
		from, err := m.onHost()
		if err != nil {
			return nil, err
		}
		mode := "ro"
		if m.Overlay {
			mode = "rw"
			if from, err = c.overlay(i, from, plan); err != nil {
				return nil, fmt.Errorf("overlay %s: %w", m.From, err)
			}
		}
		mounts = append(mounts, ociMount{m.To, "bind", from, []string{"bind", mode, "nosuid", "nodev"}})
	}
	return mounts, nil
}

// onHost is the path that leads to a tree without any link: a runtime would follow one out of the root that the tree is in.
func (m mountPoint) onHost() (string, error) {
	f, err := openPath(m.Root, m.From, 0)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return os.Readlink(fmt.Sprintf("/proc/self/fd/%d", f.Fd()))
}

// overlay makes a copy of a tree that is written to in memory, on the host: not every runtime knows such mounts.
func (c *container) overlay(i int, lower string, plan *blueprint) (string, error) {
	upper, merged := filepath.Join(c.dir, fmt.Sprint("upper-", i)), filepath.Join(c.dir, fmt.Sprint("merged-", i))
	if err := errors.Join(os.Mkdir(upper, 0o700), os.Mkdir(merged, 0o755), tmpfs(upper, plan.Disk, plan.Inodes, 0o700)); err != nil {
		return "", err
	}
	for _, dir := range []string{"u", "w"} {
		if err := errors.Join(os.Mkdir(filepath.Join(upper, dir), 0o777), os.Chmod(filepath.Join(upper, dir), 0o777)); err != nil {
			return "", err
		}
	}
	options := fmt.Sprintf("lowerdir=%s,upperdir=%s,workdir=%s", escaped(lower), escaped(upper+"/u"), escaped(upper+"/w"))
	return merged, unix.Mount("overlay", merged, "overlay", unix.MS_NOSUID|unix.MS_NODEV, options)
}

// escaped is a path as an option of an overlay.
func escaped(path string) string {
	return strings.NewReplacer(`\`, `\\`, `:`, `\:`, `,`, `\,`).Replace(path)
}

// lastWords keeps the end of what somebody says.
type lastWords struct {
	mu   sync.Mutex
	said []byte
}

func (l *lastWords) Write(p []byte) (int, error) {
	const most = 2 << 10
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said = append(l.said, p...)
	l.said = l.said[max(0, len(l.said)-most):]
	return len(p), nil
}

func (l *lastWords) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(bytes.TrimSpace(l.said))
}
