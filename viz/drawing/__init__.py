"""Boxes and arrows: what a graph is drawn of, its places in a format, and the same as DOT text."""
