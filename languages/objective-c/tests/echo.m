#import <Foundation/Foundation.h>

int main(void) {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    char line[256];
    while (fgets(line, sizeof line, stdin)) {
        NSString *said = [NSString stringWithUTF8String:line];
        printf("you said: %s", [said UTF8String]);
    }
    [pool drain];
    return 0;
}
