package sandbox

import (
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

// interpret runs the filter over one system call, as the kernel would.
func interpret(t *testing.T, data map[uint32]uint32) uint32 {
	t.Helper()
	var a uint32
	f := filter()
	for pc := 0; pc < len(f); pc++ {
		i := f[pc]
		switch i.Code {
		case 0x20: // load a word
			a = data[i.K]
		case 0x06: // return
			return i.K
		default:
			yes := map[uint16]bool{0x15: a == i.K, 0x25: a > i.K, 0x35: a >= i.K, 0x45: a&i.K != 0}[i.Code]
			if yes {
				pc += int(i.Jt)
			} else {
				pc += int(i.Jf)
			}
		}
	}
	t.Fatal("the filter runs out")
	return 0
}

func TestFilter(t *testing.T) {
	call := func(nr uint32, args ...uint32) map[uint32]uint32 {
		d := map[uint32]uint32{dataNr: nr, dataArch: auditArch}
		for i, v := range args {
			d[dataArg0+8*uint32(i)] = v
		}
		return d
	}
	foreign := call(20)
	foreign[dataArch] = 0x40000003 // i386
	for name, c := range map[string]struct {
		data map[uint32]uint32
		want uint32
	}{
		"i386": {foreign, retKill}, "x32": {call(x32Bit + 39), retKill}, "beyond all": {call(100_000), retNoSys},
		"clone3": {call(435), retNoSys}, "fork": {call(unix.SYS_CLONE, 17), retAllow}, "user namespace": {call(unix.SYS_CLONE, 0x10000011), retEPERM},
		"tcp": {call(unix.SYS_SOCKET, 2, 1), retAllow}, "packet": {call(unix.SYS_SOCKET, 17, 3), retEPERM},
		"route netlink": {call(unix.SYS_SOCKET, 16, 3, 0), retAllow}, "audit netlink": {call(unix.SYS_SOCKET, 16, 3, 9), retEPERM},
		"tiocsti": {call(unix.SYS_IOCTL, 0, 0x5412), retEPERM}, "tcgets": {call(unix.SYS_IOCTL, 0, 0x5401), retAllow},
	} {
		if got := interpret(t, c.data); got != c.want {
			t.Errorf("%s: %#x, want %#x", name, got, c.want)
		}
	}
	for _, nr := range allowedSyscalls {
		if got := interpret(t, call(nr)); got != retAllow {
			t.Errorf("call %d is listed, but: %#x", nr, got)
		}
	}
	for nr := range uint32(470) {
		special := slices.Contains([]uint32{unix.SYS_CLONE, unix.SYS_SOCKET, unix.SYS_SOCKETPAIR, unix.SYS_IOCTL, unix.SYS_PERSONALITY}, nr)
		if !slices.Contains(allowedSyscalls, nr) && !special && interpret(t, call(nr)) == retAllow {
			t.Errorf("call %d is not listed, but allowed", nr)
		}
	}
}
