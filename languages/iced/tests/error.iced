console.log 'before'
nothing.at.all()
