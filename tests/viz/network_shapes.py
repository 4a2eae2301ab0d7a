"""What is in the SVG of a network: its parts, and the plates of its numbers."""

import re
from xml.etree import ElementTree as ET


def parts(svg, tag):
    """The attributes of all elements of one kind."""
    return [element.attrib for element in ET.fromstring(svg).iter() if element.tag.endswith("}" + tag)]


def plates(svg):
    """Rectangles behind numbers, without the background."""
    return [
        (float(part["x"]), float(part["y"]), float(part["width"]), float(part["height"]))
        for part in parts(svg, "rect")
        if "x" in part
    ]


def size(svg):
    """Width and height of a drawing, in points."""
    return [float(x) for x in re.search(r'viewBox="0\S* 0\S* (\S+) (\S+)"', svg).groups()]


def overlap(one, other):
    """Whether two rectangles share a point."""
    (x1, y1, w1, h1), (x2, y2, w2, h2) = one, other
    return x1 < x2 + w2 and x2 < x1 + w1 and y1 < y2 + h2 and y2 < y1 + h1
