#import <Foundation/Foundation.h>
#include <iostream>

int main() {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    NSString *text = [NSString stringWithUTF8String:"Grüße, 世界 🌍"];
    std::cout << [text UTF8String] << "\n";
    [pool drain];
}
