exec yes "y, and y again, and so on, until somebody has had enough"
