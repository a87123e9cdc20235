# Usage: run.sh LIB main.nix. Prints the value of the file: a string as it is, anything else as JSON. There is no store, so
# nothing is built. Nix has no way to read the standard input, so a name is put into the file's scope: stdin, all of it as a
# string, read when it is first needed.
expression='
let
  env = builtins.getEnv;
  stdin = builtins.exec [ "sh" "${env "NIX_DRIVERS"}/stdin.sh" ];
  value = builtins.scopedImport { inherit stdin; } (./. + "/${env "NIX_MAIN"}");
in
if builtins.isString value then value else builtins.toJSON value + "\n"'
NIX_DRIVERS=$1 NIX_MAIN=$2 exec nix --offline --extra-experimental-features nix-command \
	--allow-unsafe-native-code-during-evaluation --store dummy:// eval --raw --impure --expr "$expression"
