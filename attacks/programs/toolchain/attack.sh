. ./common.sh
for victim in "$(readlink -f "$(command -v bash)")" "$(readlink -f "$(command -v python3)")" "$(readlink -f "$(command -v gcc || echo /usr/bin/env)")" /usr/bin/env /usr/lib/os-release /etc/passwd /etc/hosts \
    /etc/ld.so.cache "$(readlink -f /usr/lib/x86_64-linux-gnu/libc.so.6 2>/dev/null)"; do
    [ -e "$victim" ] || continue
    attempt "appended to $victim" bash -c "exec 3>>'$victim'"
    attempt "chmod $victim" chmod u+w "$victim"
    attempt "touched $victim" touch -c "$victim"
    attempt "moved $victim" mv -f "$victim" "$victim.x"
    attempt "removed $victim" rm -f "$victim"
    attempt "linked $victim" ln "$victim" /tmp/linked
done
for folder in / /usr /usr/bin /usr/lib /usr/local/bin /usr/local/lib /usr/include /usr/lib/python3/dist-packages /usr/lib/gcc /etc /etc/profile.d /etc/ld.so.conf.d /opt /root /var /home; do
    [ -d "$folder" ] && attempt "made a file in $folder" bash -c "exec 3>'$folder/attack-mark'"
done
attempt "wrote /etc/ld.so.preload" bash -c 'exec 3>>/etc/ld.so.preload'
attempt "ran ldconfig" /sbin/ldconfig
# What the dynamic linker lets everyone do to himself must not reach a program with more rights.
printf 'int x;' >x.c && gcc -shared -fPIC -o x.so x.c 2>/dev/null && LD_PRELOAD=$PWD/x.so true
done_with "the toolchain is as it was"
