from common import attempt, done, read, writable
import os

pids = [p for p in os.listdir("/proc") if p.isdigit() and int(p) != os.getpid()] + ["1"]
for pid in pids[:300]:
    for name in ["environ", "maps", "mem", "auxv", "io", "syscall", "stack", "pagemap", "fd", "map_files", "root", "root/etc/shadow", "cwd", "cwd/..", "ns"]:
        path = f"/proc/{pid}/{name}"
        attempt(path, read, path)
    attempt(f"/proc/{pid}/exe", os.readlink, f"/proc/{pid}/exe")
    for name in ["mem", "exe", "oom_score_adj", "uid_map", "attr/current", "clear_refs", "coredump_filter", "timens_offsets"]:
        attempt(f"write /proc/{pid}/{name}", writable, f"/proc/{pid}/{name}")
done("nothing of other processes")
