# Puts links, pipes and odd things where files were, and closes the standard streams.
cd /work
for target in /etc/shadow /proc/1/root /root/.ssh /proc/self/mem; do
    ln -sfn "$target" trap && cat trap 2>/dev/null | head -c 1 | grep -q . && [ "$target" != /proc/self/mem ] && echo ESCAPED "$target"
done
rm -f main.sh; mkfifo main.sh; mkdir -p "$(printf 'd/%.0s' $(seq 300))" 2>/dev/null
ln -s / slash; echo x > slash/etc/passwd 2>/dev/null && echo ESCAPED wrote
ls -d /work/slash/root 2>/dev/null && echo ESCAPED saw /root
su -c id 2>/dev/null && echo ESCAPED su
for f in $(find /usr/bin -perm -4000 2>/dev/null); do "$f" --version </dev/null >/dev/null 2>&1; done
[ "$(id -u)" = 1000 ] || echo ESCAPED uid
echo HARMLESS
exec >&- 2>&- <&-
