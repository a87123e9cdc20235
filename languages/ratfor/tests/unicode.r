program hello
    print '(a)', 'Grüße, 世界 🌍'
end
