'before'puts
;+
