#import <Foundation/Foundation.h>

int main(void) {
    @autoreleasepool {
        NSString *text = [NSString stringWithUTF8String:"Grüße, 世界 🌍"];
        printf("%s\n", [text UTF8String]);
    }
    return 0;
}
