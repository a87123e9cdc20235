# Dash does not know its version; Debian's list of changes does, and where that was left out, all releases of the last twenty years are 0.5.
changes=$(zcat /usr/share/doc/dash/changelog.Debian.gz 2>/dev/null)
version=${changes#dash \(}
version=${version%%[!0-9.]*}
echo "${version:-0.5.0}"
