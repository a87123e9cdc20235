from common import attempt, breach, done, read, writable
import glob

for path in ["/proc/kcore", "/proc/kmsg", "/proc/keys", "/proc/key-users", "/proc/kpageflags", "/proc/kpagecount", "/proc/timer_list", "/proc/sched_debug",
             "/proc/slabinfo", "/proc/vmallocinfo", "/sys/kernel/security", "/sys/kernel/debug", "/sys/firmware", "/sys/fs/bpf", "/dev/kmsg"]:
    attempt(path, read, path)
try:  # that symbols have no addresses is as good as that there are none
    line = open("/proc/kallsyms").readline()
    if line and int(line.split()[0], 16):
        breach("/proc/kallsyms", line)
except OSError:
    pass
for path in ["/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/kernel/hostname", "/proc/sys/vm/drop_caches",
             "/proc/sys/vm/overcommit_memory", "/proc/sys/fs/binfmt_misc/register", "/proc/sys/kernel/ns_last_pid", "/proc/irq/0/smp_affinity", "/proc/bus/pci",
             "/proc/acpi", "/proc/scsi/scsi", "/proc/mtrr", "/proc/fs", "/sys/power/state", "/sys/kernel/uevent_helper", "/sys/class/net/lo/mtu",
             "/sys/kernel/mm/transparent_hugepage/enabled", "/sys/module", *glob.glob("/sys/block/*/queue/scheduler"), *glob.glob("/proc/sys/kernel/*")]:
    attempt("write " + path, writable, path)
done("nothing of the kernel's")
