"""What is to be drawn: a graph's Values, their names, derivatives and modules; and smaller graphs that say the same."""
