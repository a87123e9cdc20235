program wrong
    if (1 == 1) {
        print *, 'open'
end
