"""``viz.live``: a page in which a network trains, and which anyone can touch."""
