# The greatest common divisor as Euclid found it, written down as he might have.
foreach pair ("48 36" "1071 462" "17 5" "1000 350")
    set numbers = ($pair)
    @ a = $numbers[1]
    @ b = $numbers[2]
    set steps = ""
    while ($b != 0)
        set steps = "$steps $a"
        @ rest = $a % $b
        @ a = $b
        @ b = $rest
    end
    echo "$numbers[1] and $numbers[2] share ${a}   (on the way:$steps)"
end
