# Usage: compile.sh TRANSPILER. Turns all ABAP files of the folder into JavaScript, without the libraries that the tool would
# fetch. What it says is printed only when it fails.
mkdir -p .abap
cat >.abap/config.json <<'END'
{
  "input_folder": ".",
  "output_folder": ".abap/out",
  "libs": [],
  "write_unit_tests": false,
  "write_source_map": false
}
END
if ! "$1" .abap/config.json >.abap/said 2>&1; then
	cat .abap/said >&2
	exit 1
fi
