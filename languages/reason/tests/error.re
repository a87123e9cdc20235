let count: int = "three";
Js.log(count);
