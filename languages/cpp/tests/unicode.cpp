#include <iostream>
int main() { std::cout << "żółw 🐢 日本語\n"; }
