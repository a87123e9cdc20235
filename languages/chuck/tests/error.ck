[1, 2, 3] @=> int a[];
chout <= a[5] <= IO.newline();
