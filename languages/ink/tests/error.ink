The door is open.
-> cellar
