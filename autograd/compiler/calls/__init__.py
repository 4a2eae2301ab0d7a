"""From a call to its result: the arguments, the program that serves them, how it is checked and run."""
