const std = @import("std");

// Which squares end in themselves? The table is computed by the compiler, and is data in the program.
const automorphic = blk: {
    @setEvalBranchQuota(100_000);
    var found: [6]u32 = undefined;
    var count: usize = 0;
    var n: u32 = 1;
    while (count < found.len) : (n += 1) {
        var power: u32 = 10;
        while (power <= n) power *= 10;
        if (n * n % power == n) {
            found[count] = n;
            count += 1;
        }
    }
    break :blk found;
};

pub fn main() !void {
    const out = std.io.getStdOut().writer();
    for (automorphic) |n| try out.print("{d:>4}² = {d}\n", .{ n, n * n });
}
