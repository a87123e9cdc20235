. ./common.sh
for pid in self 1 $PPID; do
    attempt "opened /proc/$pid/exe for writing" bash -c "exec 3>>/proc/$pid/exe"
done
printf '#!/proc/self/exe\n' >/tmp/again && chmod 755 /tmp/again
timeout 2 /tmp/again </dev/null >/tmp/said 2>&1
grep -qi cell /tmp/said && breach "ran the engine's program: $(head -c 200 /tmp/said)"
for ((i = 0; i < 200; i++)); do # whoever enters the cell meanwhile would be caught
    for exe in /proc/[0-9]*/exe; do
        if [ "$exe" != "/proc/$$/exe" ] && (: >>"$exe") 2>/dev/null; then breach "opened $exe"; fi
    done
done 2>/dev/null
done_with "no program of the engine can be written"
