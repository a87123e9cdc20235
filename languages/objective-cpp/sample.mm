#import <Foundation/Foundation.h>
#include <algorithm>
#include <map>
#include <string>
#include <vector>

// Both worlds: Objective-C objects are kept in C++ containers and sorted with a lambda.
@interface Planet : NSObject {
    double days;
    NSString *name;
}
@property(assign) double days;
@property(assign) NSString *name;
@end

@implementation Planet
@synthesize days, name;
@end

int main() {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    std::map<std::string, double> years = {
        {"Venus", 224.7}, {"Mars", 687.0}, {"Earth", 365.2}, {"Mercury", 88.0}};
    std::vector<Planet *> planets;
    for (const auto &[name, days] : years) {
        Planet *planet = [[Planet new] autorelease];
        planet.name = [[NSString stringWithUTF8String:name.c_str()] uppercaseString];
        planet.days = days;
        planets.push_back(planet);
    }
    std::sort(planets.begin(), planets.end(), [](Planet *a, Planet *b) { return a.days < b.days; });
    for (Planet *planet : planets)
        printf("%-8s goes round the sun in %6.1f days\n", [planet.name UTF8String], planet.days);
    [pool drain];
}
