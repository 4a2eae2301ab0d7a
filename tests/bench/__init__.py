"""Speed and memory, measured as users meet them; nothing here asserts a time."""
