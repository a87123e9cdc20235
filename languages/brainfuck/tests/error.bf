An opened loop that nothing closes
+++[>+.
