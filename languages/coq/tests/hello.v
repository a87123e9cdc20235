Require Import String.
Open Scope string_scope.
Compute "Hello, world!".
