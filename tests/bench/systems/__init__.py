"""One system a file: how each work is done with it. ``WORKS`` gives for a work's name what makes its loop."""
