#import <Foundation/Foundation.h>
#include <stdexcept>

int main() { throw std::runtime_error([@"on purpose" UTF8String]); }
