#!/usr/bin/env bash
# code-server.sh puts a real VS Code (npm's code-server, with the Node that it needs) into a folder that is kept, and prints that
# folder. The second time it only prints. Terminals of its own do not work there: that would take a compiler, and no test needs them.
set -euo pipefail
version=4.139.1
node=24.21.0
home=${CODE_SERVER_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/codecollab-code-server}
folder=$home/$version-$node
if [ -e "$folder/ready" ]; then
  echo "$folder"
  exit 0
fi

log=$(mktemp)
part=$folder.part
trap 'rm -rf "$log" "$part"' EXIT
quietly() { "$@" </dev/null >"$log" 2>&1 || { cat "$log" >&2; echo "failed: $*" >&2; exit 1; }; }
npm_quiet=(npm install --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel=error)

echo "fetching code-server $version (630 MB on the disk, once)" >&2
rm -rf "$part"
mkdir -p "$part"
echo '{"private":true}' >"$part/package.json"
quietly "${npm_quiet[@]}" --prefix "$part" "node-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')@$node"
node_home=$(dirname "$(dirname "$(find "$part/node_modules" -path '*/bin/node' | head -n 1)")")
export PATH=$node_home/bin:$PATH npm_config_nodedir=$node_home npm_config_build_from_source=true
quietly "${npm_quiet[@]}" --prefix "$part" "code-server@$version"
code=$part/node_modules/code-server/lib/vscode
(cd "$code" && quietly "${npm_quiet[@]}" --omit=dev)
(cd "$code/extensions" && quietly "${npm_quiet[@]}" --omit=dev)
ln -sf code-linux.sh "$code/bin/remote-cli/code-server"
ln -sf browser-linux.sh "$code/bin/helpers/browser.sh"
rm -rf "$code"/node_modules/@github/copilot-sdk-linux-* "$code"/node_modules/@microsoft/mxc-sdk
ln -s "${node_home#"$part/"}/bin/node" "$part/node"
touch "$part/ready"
rm -rf "$folder"
mv "$part" "$folder"
echo "$folder"
