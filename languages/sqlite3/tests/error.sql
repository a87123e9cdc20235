SELECT apples FROM nowhere;
