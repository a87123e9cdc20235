REPORT main.
DATA share TYPE i.
WRITE / `before`.
ASSERT share = 1.
WRITE / `after`.
