"""Speed and memory, measured; nothing here asserts a time."""
