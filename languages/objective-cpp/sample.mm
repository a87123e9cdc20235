#import <Foundation/Foundation.h>
#include <functional>
#include <map>
#include <string>

// Both worlds: a C++ map of lambdas inside an Objective-C object.
@interface Calculator : NSObject {
    std::map<std::string, std::function<double(double, double)>> operations;
}
- (double)calculate:(NSString *)name left:(double)left right:(double)right;
@end

@implementation Calculator
- (id)init {
    if ((self = [super init])) {
        operations["plus"] = [](double a, double b) { return a + b; };
        operations["times"] = [](double a, double b) { return a * b; };
    }
    return self;
}
- (double)calculate:(NSString *)name left:(double)left right:(double)right {
    return operations.at([name UTF8String])(left, right);
}
@end

int main() {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    Calculator *calculator = [[Calculator new] autorelease];
    for (NSString *name in [NSArray arrayWithObjects:@"plus", @"times", nil])
        printf("6 %s 7 is %g\n", [name UTF8String], [calculator calculate:name left:6 right:7]);
    [pool drain];
}
