echo("Hello, world!");
