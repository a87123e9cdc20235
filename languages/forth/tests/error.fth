: half 0 / ;
3 half .
