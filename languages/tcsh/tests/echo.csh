# The end of the input looks like an empty line here.
set line = "$<"
while ("$line" != "")
    echo "$line"
    set line = "$<"
end
