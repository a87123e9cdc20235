const std = @import("std");

pub fn main() !void {
    try std.io.getStdOut().writeAll("Grüße, 世界 🌍\n");
}
