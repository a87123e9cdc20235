#import <Foundation/Foundation.h>

int main(void) {
    NSString *text = undeclared;
    return 0;
}
