// Four watches of a night at sea: variables, a function, a loop through knots, and text that changes each time.
VAR fuel = 9
VAR watch = 0

-> night

=== night ===
~ watch++
~ fuel = fuel - burn(watch)
Watch {watch}: {the wind rises|rain on the glass|a ship answers far away|the sky turns grey}.
The lamp has {fuel > 3: {fuel} cans left|only {fuel} {fuel == 1: can|cans} left}.
{watch < 4: -> night}
-> morning

=== morning ===
{fuel >= 1: Nobody ran aground tonight. -> END}
The lamp went out.
-> END

=== function burn(hour)
{hour == 2 or hour == 3:
    ~ return 3
}
~ return 1
