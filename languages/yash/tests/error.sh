set -u
echo "$nowhere"
