#import <Foundation/Foundation.h>

int main(void) {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    NSString *greeting = [NSString stringWithFormat:@"Hello, %@!", @"world"];
    printf("%s\n", [greeting UTF8String]);
    [pool drain];
    return 0;
}
