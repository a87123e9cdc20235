#!/usr/bin/env bash
# vsix.sh packs the extension into dist/codecollab.vsix, from where the server's next build takes it. VERSION names the release.
set -euo pipefail
cd "$(dirname "$0")/.."
node scripts/build.mjs
most=500000
npx vsce package --no-dependencies --no-git-tag-version --no-update-package-json --allow-missing-repository --skip-license --out dist/codecollab.vsix ${1:+"$1"} >/dev/null
size=$(stat -c %s dist/codecollab.vsix)
echo "dist/codecollab.vsix: $size bytes (limit $most)"
[ "$size" -le "$most" ]
