"""Shapes in their places become SVG, PNG, PDF, DOT and pages; Graphviz, where one is asked for."""
