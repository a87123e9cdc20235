#import <Foundation/Foundation.h>

int main(void) {
    @autoreleasepool {
        char line[256];
        while (fgets(line, sizeof line, stdin)) {
            NSString *said = [NSString stringWithUTF8String:line];
            printf("you said: %s", [said UTF8String]);
        }
    }
    return 0;
}
