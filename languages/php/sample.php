<?php

// A receipt: text between the PHP tags is printed as it stands.
$basket = ["Bread" => [2, 3.2], "Olive oil" => [1, 9.75], "Tomatoes" => [6, 0.45]];
$total = 0;
?>
+------------+-----+---------+
| Article    | Pcs |     EUR |
+------------+-----+---------+
<?php foreach ($basket as $article => [$pieces, $price]) {
    $total += $pieces * $price;
    printf("| %-10s | %3d | %7.2f |\n", $article, $pieces, $pieces * $price);
} ?>
+------------+-----+---------+
<?php printf("%28.2f\n", $total); ?>
