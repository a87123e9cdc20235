await setTimeout defer(), 1
console.log 'Hello, world!'
