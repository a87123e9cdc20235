#import <Foundation/Foundation.h>
#include <iostream>
#include <string>

int main() {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    for (std::string line; std::getline(std::cin, line);) {
        NSString *said = [NSString stringWithUTF8String:line.c_str()];
        std::cout << "you said: " << [said UTF8String] << "\n";
    }
    [pool drain];
}
