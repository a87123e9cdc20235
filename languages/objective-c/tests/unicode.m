#import <Foundation/Foundation.h>

int main(void) {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    NSString *text = [NSString stringWithUTF8String:"Grüße, 世界 🌍"];
    printf("%s\n", [text UTF8String]);
    [pool drain];
    return 0;
}
