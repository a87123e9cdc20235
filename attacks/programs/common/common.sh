# What the attacks in shell have in common.
breaches=0

# breach WORDS…: says, on a line of its own, what got through.
breach() { breaches=$((breaches + 1)); echo "BREACH: $*"; }

# attempt WHAT COMMAND…: runs a command that must fail.
attempt() { local what=$1; shift; if "$@" >/dev/null 2>&1 </dev/null; then breach "$what"; fi; }

# done_with WHAT: ends the attack: what was refused is told, unless something was not.
done_with() { [ "$breaches" != 0 ] || echo "HARMLESS: $*"; exit $((breaches != 0)); }
