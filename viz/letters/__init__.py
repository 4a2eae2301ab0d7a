"""How wide text is, the same on every machine, and outlines of the characters that many fonts lack."""
