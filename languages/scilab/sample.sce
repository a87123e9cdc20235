// Predators and prey: two equations, solved and drawn with letters, that chase each other for ever.
function change = wild(t, x)
    change = [x(1) * (1 - 0.6 * x(2)); x(2) * (0.5 * x(1) - 0.9)]
endfunction

times = 0:0.75:15;
x = ode([2; 1], 0, times, wild);
for k = 1:size(times, "*")
    row = repmat(" ", 1, 50);
    row(1 + round(9 * x(1, k))) = "h";
    row(1 + round(9 * x(2, k))) = "F";
    mprintf("%5.2f |%s\n", times(k), strcat(row));
end
mprintf("hares %.2f to %.2f, foxes %.2f to %.2f\n", min(x(1, :)), max(x(1, :)), min(x(2, :)), max(x(2, :)));
