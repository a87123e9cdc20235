System.in.eachLine { println "you said: $it" }
