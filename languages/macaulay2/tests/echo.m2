stdio << get stdio
