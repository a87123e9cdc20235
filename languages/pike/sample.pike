// Sets and mappings are values with operators: who could meet whom?
int main() {
    mapping(string:array(string)) free = ([
        "Ada": ({ "Mon", "Tue", "Thu" }),
        "Grace": ({ "Tue", "Wed", "Thu" }),
        "Linus": ({ "Mon", "Thu", "Fri" }),
    ]);

    array(string) names = sort(indices(free));
    foreach (names; int i; string one)
        foreach (names[i + 1..], string other)
            write("%-6s and %-6s %s\n", one, other, (free[one] & free[other]) * ", ");

    write("All: %s\n", `&(@values(free)) * ", ");
    write("Nobody on: %s\n", (({ "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" }) - `|(@values(free))) * ", ");
    return 0;
}
