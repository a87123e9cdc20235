// A spiral staircase: each step is turned and lifted a little.
steps = 12;
rise = 18;
turn = 360 / steps;

module step(i) {
    rotate([0, 0, i * turn])
        translate([10, -15, i * rise])
            cube([90, 30, 4]);
}

for (i = [0 : steps - 1]) step(i);
cylinder(r = 12, h = steps * rise, $fn = 24);

function tread(r) = 2 * PI * r / steps;
for (r = [30, 60, 90])
    echo(str("at ", r, " mm a step is ", floor(tread(r)), " mm deep"));
echo(height = steps * rise);
