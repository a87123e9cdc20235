DATA LIST FILE='/dev/stdin' ENCODING='UTF-8' NOTABLE / line 1-60 (A).
PRINT OUTFILE='/dev/stdout' / line.
EXECUTE.
