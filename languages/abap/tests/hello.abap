REPORT main.
DATA name TYPE string.
name = `world`.
WRITE / |Hello, { name }!|.
