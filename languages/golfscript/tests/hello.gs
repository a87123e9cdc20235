;'Hello, '"world"+'!'+
