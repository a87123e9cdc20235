package sandbox

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Survey looks at what this host has of what the tiers need. It changes nothing, and proves nothing: only the test of New does.
func Survey() []Fact {
	return []Fact{surveyUser(), surveyNamespaces(), surveyIDs(), surveyGroups(), surveySeccomp(), surveyLandlock()}
}

func surveyUser() Fact {
	f := Fact{Name: "user", Holds: true, Found: "root"}
	if os.Geteuid() != 0 {
		f.Found = fmt.Sprintf("number %d, not root, with control groups of its own", os.Geteuid())
		if f.Holds = surveyGroups().Holds; !f.Holds {
			f.Found = fmt.Sprintf("number %d, not root", os.Geteuid())
			f.Remedy = "For the full tier run the runner as root (programs never are root), or with control groups of its own (in systemd Delegate=yes)."
		}
	}
	for _, mark := range []string{"/.dockerenv", "/run/.containerenv"} {
		if _, err := os.Stat(mark); err == nil {
			f.Found += ", in a container"
		}
	}
	return f
}

func surveyNamespaces() Fact {
	f := Fact{Name: "namespaces", Holds: true}
	var missing []string
	for _, kind := range []string{"user", "mnt", "pid", "net", "ipc", "uts", "cgroup"} {
		if _, err := os.Stat("/proc/self/ns/" + kind); err != nil {
			missing = append(missing, kind)
		}
	}
	most, told := sysctl("user/max_user_namespaces")
	switch {
	case len(missing) > 0:
		f.Holds, f.Found, f.Remedy = false, "the kernel has none of: "+strings.Join(missing, ", "), "Use a kernel that has all of them."
	case told && most == 0:
		f.Holds, f.Found, f.Remedy = false, "user namespaces are switched off", "sysctl -w user.max_user_namespaces=10000"
	default:
		f.Found = "all seven kinds"
		if told {
			f.Found += fmt.Sprintf(", up to %d user namespaces", most)
		}
	}
	if n, ok := sysctl("kernel/unprivileged_userns_clone"); ok && n == 0 && os.Geteuid() != 0 {
		f.Holds, f.Remedy = false, "Plain users may not make user namespaces: sysctl -w kernel.unprivileged_userns_clone=1, or run the runner as root."
	}
	if n, ok := sysctl("kernel/apparmor_restrict_unprivileged_userns"); ok && n == 1 && os.Geteuid() != 0 {
		f.Holds, f.Remedy = false, "AppArmor keeps plain users from user namespaces: run the runner as a service of root, or ship a profile."
	}
	return f
}

// surveyIDs looks whether the users that cells are given exist in this user namespace.
func surveyIDs() Fact {
	f := Fact{Name: "uid map", Holds: true}
	var ranges []string
	highest := uint64(0)
	text, _ := os.ReadFile("/proc/self/uid_map")
	for line := range strings.Lines(string(text)) {
		var inside, outside, size uint64
		if n, _ := fmt.Sscan(line, &inside, &outside, &size); n == 3 {
			ranges = append(ranges, fmt.Sprintf("%d to %d", inside, inside+size-1))
			highest = max(highest, inside+size-1)
		}
	}
	f.Found = strings.Join(ranges, ", ")
	if os.Geteuid() == 0 && highest < firstHostID+programID { // who is not root gives cells no other user
		f.Holds = false
		f.Remedy = fmt.Sprintf("Cells need the users from %d on: give this container's user namespace the whole range, or none of its own.", firstHostID)
	}
	return f
}

func surveyGroups() Fact {
	f := Fact{Name: "control groups", Holds: true}
	found, err := ownHierarchies()
	if err != nil {
		f.Holds, f.Found = false, "cannot be read"
		return f
	}
	var words []string
	for _, c := range controllers {
		h, ok := found[c]
		switch {
		case !ok:
			f.Holds = false
			words = append(words, c+": none")
		case unix.Access(h.dir, unix.W_OK) != nil:
			f.Holds = false
			words = append(words, c+": may not be written")
		case h.v2:
			words = append(words, c+": v2")
		default:
			words = append(words, c+": v1")
		}
	}
	f.Found = strings.Join(words, ", ")
	if !f.Holds {
		f.Remedy = "Delegate the controllers (in systemd Delegate=yes; in Docker -v /sys/fs/cgroup:/sys/fs/cgroup:rw)."
	}
	return f
}

func surveySeccomp() Fact {
	f := Fact{Name: "seccomp", Holds: true}
	actions, err := os.ReadFile("/proc/sys/kernel/seccomp/actions_avail")
	if err != nil || !strings.Contains(string(actions), "kill_process") {
		f.Holds, f.Found, f.Remedy = false, "the kernel filters no system calls", "Use a kernel with CONFIG_SECCOMP_FILTER."
		return f
	}
	f.Found = "filters can be loaded"
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if mode, ok := strings.CutPrefix(line, "Seccomp:"); ok && strings.TrimSpace(mode) == "2" {
			f.Found += "; this process is under one already, as in a container"
		}
	}
	return f
}

func surveyLandlock() Fact {
	abi := landlockABI()
	f := Fact{Name: "landlock", Holds: abi >= landlockOwnUser, Found: fmt.Sprintf("version %d", abi)}
	if abi == 0 {
		f.Found = "none"
	}
	if !f.Holds {
		f.Remedy = "Only the weaker tier needs it: a kernel from 6.2 on, with landlock among its security modules (lsm=…)."
	}
	return f
}

func sysctl(name string) (int, bool) {
	text, err := os.ReadFile(filepath.Join("/proc/sys", name))
	if err != nil {
		return 0, false
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	return n, err == nil
}
