Require Import String.
Open Scope string_scope.
Compute "Grüße, 世界 🌍".
