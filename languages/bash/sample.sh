# The word of the day: which letters does this text use most?
text="the quick brown fox jumps over the lazy dog and runs off again"

echo "$text" | fold -w1 | grep '[a-z]' | sort | uniq -c | sort -rn | head -8 |
    while read -r count letter; do
        printf '%s  %s\n' "$letter" "$(printf '%*s' "$count" '' | tr ' ' '#')"
    done
