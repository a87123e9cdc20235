% A straight line through noisy points, by least squares: A \ y solves it.
x = (0:9)';
y = 2.5 * x + 4 + [0.6 -0.4 0.2 -0.7 0.5 0.1 -0.3 0.8 -0.6 -0.2]';
A = [x, ones(size(x))];
p = A \ y;
printf("y = %.2f x + %.2f\n", p(1), p(2));

for k = 1:numel(x)
  row = repmat(" ", 1, 32);
  row(round(A(k, :) * p) + 1) = ".";
  row(round(y(k)) + 1) = "o";
  printf("%2d %s\n", x(k), row);
end

disp("A magic square:");
disp(magic(4));
