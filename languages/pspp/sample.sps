* Two groups of plants grew in light and in shade: are they different, or is it chance?
DATA LIST LIST NOTABLE / place (A5) height (F4.1).
BEGIN DATA
light 21.3
light 24.1
light 22.8
light 25.0
shade 18.9
shade 20.2
shade 17.5
shade 19.9
END DATA.
RECODE place ('light' = 1) ('shade' = 2) INTO group.
VALUE LABELS group 1 'in light' 2 'in shade'.
FORMATS group (F1.0).
MEANS TABLES = height BY group / CELLS = MEAN STDDEV COUNT.
T-TEST GROUPS = group(1, 2) / VARIABLES = height.
