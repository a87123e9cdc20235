#import <Foundation/Foundation.h>

// A category adds a method to a class that others wrote: here, to every string.
@interface NSString (Turned)
- (NSString *)turned;
@end

@implementation NSString (Turned)
- (NSString *)turned {
    NSMutableString *result = [NSMutableString string];
    for (NSInteger i = [self length] - 1; i >= 0; i--) [result appendFormat:@"%C", [self characterAtIndex:i]];
    return result;
}
@end

int main(void) {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    NSArray *words = [@"stressed level drawer kayak live stop" componentsSeparatedByString:@" "];
    for (NSString *word in [words sortedArrayUsingSelector:@selector(compare:)]) {
        NSString *turned = [word turned];
        NSString *note = [word isEqual:turned] ? @"  (a palindrome)" : @"";
        printf("%-10s%s%s\n", [word UTF8String], [turned UTF8String], [note UTF8String]);
    }
    [pool drain];
    return 0;
}
