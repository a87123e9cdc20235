. ./common.sh
(trap '' HUP TERM; exec -a attack-mark sleep 30) &
echo "HARMLESS: the child should be gone"
exec >&- 2>&- <&-
