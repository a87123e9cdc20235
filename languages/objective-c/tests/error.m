#import <Foundation/Foundation.h>

int main(void) {
    [NSException raise:@"OnPurpose" format:@"on purpose"];
    return undeclared;
}
