s/apples/
