#include <iostream>
#include <map>
#include <sstream>
#include <string>

// Counts words, in the order of the alphabet: a map keeps its keys sorted.
int main() {
    std::istringstream poem("so much depends upon a red wheel barrow beside the white chickens so much");
    std::map<std::string, int> count;
    for (std::string word; poem >> word;) ++count[word];
    for (const auto& [word, n] : count)
        if (n > 1) std::cout << word << ": " << n << " times\n";
    std::cout << count.size() << " different words\n";
}
