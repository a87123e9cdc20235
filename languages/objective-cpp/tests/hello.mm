#import <Foundation/Foundation.h>
#include <iostream>

int main() {
    @autoreleasepool {
        NSString *greeting = [NSString stringWithFormat:@"Hello, %@!", @"world"];
        std::cout << [greeting UTF8String] << std::endl;
    }
}
