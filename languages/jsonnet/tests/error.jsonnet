local price = { apple: 3 };
price.pear
