#import <Foundation/Foundation.h>
#include <iostream>

int main() {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    NSString *greeting = [NSString stringWithFormat:@"Hello, %@!", @"world"];
    std::cout << [greeting UTF8String] << std::endl;
    [pool drain];
}
