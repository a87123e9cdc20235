. ./common.sh
for victim in "$@" /etc/passwd /etc/shadow; do
    attempt "chown of $victim" chown 1000:1000 "$victim"
    for name in main.sh attack.sh common.sh out.png; do ln -sfn "$victim" "$name"; done
done
(while :; do ln -sfn "$1" out.png; rm -f out.png; echo x >out.png; done) 2>/dev/null & # until the end, and after it
sleep 0.3
done_with "owners are as they were"
