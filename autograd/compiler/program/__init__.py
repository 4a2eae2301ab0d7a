"""All passes in a row, and what they make: a program, with what it needs to run."""
