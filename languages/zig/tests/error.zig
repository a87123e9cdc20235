pub fn main() !void {
    return error.OnPurpose;
}
