# Python and a shell in one: loops and dictionaries here, commands and pipes there, values going both ways.
$GREETING = "made by xonsh"

for name, lines in {"roses": ["red", "white"], "violets": ["blue"]}.items():
    with open(f"{name}.txt", "w") as f:
        f.write("\n".join(lines) + "\n")

files = $(ls -1 *.txt).split()
print("files:", ", ".join(files))

for f in g`*.txt`:
    count = int($(wc -l < @(f)))
    first = $(head -n 1 @(f)).strip()
    print(f"{f} has {count} line{'s' * (count != 1)}, first {first}")

echo $GREETING | tr a-z A-Z
rm @(files)
