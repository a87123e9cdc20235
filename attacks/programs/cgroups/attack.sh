. ./common.sh
mkdir -p /tmp/group
for kind in memory rdma pids devices; do attempt "mounted $kind" mount -t cgroup -o "$kind" none /tmp/group; done
attempt "unshared" unshare -UrmC true
for folder in /sys/fs/cgroup $(cut -d: -f3 /proc/self/cgroup | sed 's#^#/sys/fs/cgroup/*#'); do
    attempt "made a group in $folder" mkdir "$folder/attack-mark"
    for file in release_agent notify_on_release cgroup.procs tasks memory.max memory.limit_in_bytes pids.max cpu.shares cpu.weight devices.allow; do
        for path in "$folder/$file" "$folder"/*/"$file" "$folder"/*/*/"$file"; do
            [ -e "$path" ] && attempt "opened $path for writing" bash -c "exec 3>>'$path'"
        done
    done
done
done_with "its groups are out of reach"
