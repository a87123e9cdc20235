# Runs a C or C++ program against tests, and changed copies of it, in one cell of the sandbox. The job is in plain files: settings.txt (shell
# variables), NAME.source (the program's files), N.in and N.want (the tests), mutants.tsv (number, line, text; \001 is a line break). Each
# line of the output is JSON.
. ./settings.txt
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=0:halt_on_error=1
here=$(pwd)
mkdir -p program && for f in *.source; do cp "$f" "program/${f%.source}"; done
b64() { head -c 65536 "$1" | base64 -w0; }
norm() { tr -d '\r' <"$1" | sed 's/[[:space:]]*$//'; }

one() { # PROGRAM TEST NAME: sets code and late
    timeout -s KILL "$seconds" "$1" <"$here/$2.in" >"$here/$3.out" 2>"$here/$3.err"
    code=$?
    late=false
    if [ $code -eq 137 ] || [ $code -eq 124 ]; then late=true; fi
}

base() {
    cd program || exit 1
    if ! $compiler -g -O0 -Wall -Wextra -ftabstop=1 $sanitize -fno-omit-frame-pointer -o ../plain $sources -lm -pthread 2>../compile.txt; then
        if $compiler -g -O0 -Wall -Wextra -ftabstop=1 -o ../plain $sources -lm -pthread 2>../compile.txt; then :; else
            echo "{\"t\":\"compile\",\"ok\":false,\"out64\":\"$(b64 ../compile.txt)\"}"
            return
        fi
    fi
    echo "{\"t\":\"compile\",\"ok\":true,\"out64\":\"$(b64 ../compile.txt)\"}"
    if [ "$compiler" = "gcc -std=gnu17" ]; then
        for s in $sources; do $compiler -O1 -fanalyzer -fdiagnostics-plain-output -ftabstop=1 -S -o /dev/null "$s"; done 2>../analyzer.txt
        echo "{\"t\":\"tool\",\"name\":\"gcc -fanalyzer\",\"out64\":\"$(b64 ../analyzer.txt)\"}"
    fi
    $compiler -g -O0 -w --coverage -o ../covered $sources -lm -pthread 2>/dev/null
    i=0
    while [ $i -lt $tests ]; do
        one ../plain $i r
        echo "{\"t\":\"run\",\"test\":$i,\"code\":$code,\"late\":$late,\"ms\":5,\"out64\":\"$(b64 "$here/r.out")\",\"err64\":\"$(b64 "$here/r.err")\"}"
        rm -f ../*.gcda ./*.gcda
        timeout -s TERM "$seconds" ../covered <"$here/$i.in" >/dev/null 2>&1
        lines=
        for s in $sources; do
            for data in ./*.gcda ../*.gcda; do
                [ -f "$data" ] || continue
                more=$(gcov -t "$data" 2>/dev/null | awk -F: -v f="$s" '$3 == "Source" { own = $0 ~ f "$" } own { c = $1; n = $2; gsub(/ /, "", c); gsub(/ /, "", n); if (c + 0 > 0 && n + 0 > 0) printf "[\"%s\",%d],", f, n }')
                lines=$lines$more
            done
        done
        if [ -n "$lines" ]; then echo "{\"t\":\"cover\",\"test\":$i,\"lines\":[${lines%,}],\"stack\":[]}"; fi
        i=$((i + 1))
    done
}

attempt() { # DIRECTORY LINE FILE
    if ! (cd "$1" && $compiler -O0 -w $flags -o m $sources -lm -pthread 2>/dev/null); then echo skip; return; fi
    for i in $order; do
        one "$1/m" "$i" "$2"
        if $late; then echo late; return; fi
        if [ $code -ne 0 ] || [ "$(norm "$here/$2.out")" != "$(norm "$here/$i.want")" ]; then echo fail; return; fi
    done
    echo pass
}

worker() { # NUMBER
    mkdir -p "copy$1" && cp program/* "copy$1/"
    while IFS='	' read -r id file line text; do
        if [ $((id % workers)) -ne "$1" ]; then continue; fi
        if [ "$(date +%s)" -gt "$until" ]; then break; fi
        TEXT=$text awk -v n="$line" 'NR == n { t = ENVIRON["TEXT"]; gsub(/\001/, "\n", t); print t; next } { print }' "program/$file" >"copy$1/$file"
        echo "{\"t\":\"mutant\",\"id\":$id,\"r\":\"$(attempt "copy$1" "w$1")\"}"
        cp "program/$file" "copy$1/$file"
    done <mutants.tsv
}

if [ "$mode" = base ]; then
    base
else
    until=$(($(date +%s) + budget))
    workers=$(nproc)
    n=0
    while [ $n -lt "$workers" ]; do
        worker $n &
        n=$((n + 1))
    done
    wait
fi
echo '{"t":"done"}'
