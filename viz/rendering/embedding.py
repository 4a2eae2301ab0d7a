"""SVG that can stand in any page: what Graphviz writes, made ready for it."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

__all__ = ["embeddable"]

NAMESPACE = "http://www.w3.org/2000/svg"
PRESERVED = "{http://www.w3.org/XML/1998/namespace}space"


def embeddable(drawing: bytes, title: str) -> str:
    """Graphviz's SVG without ids, in the width of its surroundings, with a title and tooltips that browsers show.

    Two pictures in one page cannot get in each other's way, because nothing in them has an id. Graphviz puts tooltips
    on links that lead nowhere and internal names into ``<title>``, which is where browsers look for tooltips.
    """
    text = re.sub(rf'\sxmlns="{NAMESPACE}"', "", drawing.decode("utf-8"), count=1)  # so that tags keep bare names
    root = ET.fromstring(text)
    for group in list(root.iter("g")):  # Graphviz's own, before tooltips become titles of groups inside them
        group.attrib.pop("id", None)
        group.attrib.pop("class", None)
        name = group.find("title")
        if name is not None:
            group.remove(name)
    _lift_tooltips(root)
    for text_line in root.iter("text"):  # one may begin with the space between it and the one before
        text_line.attrib.pop(PRESERVED, None)
        text_line.set("xml:space", "preserve")
    width, height = root.get("width", ""), root.get("height", "")
    view = root.get("viewBox", "")
    root.attrib.clear()
    root.attrib |= {
        "xmlns": NAMESPACE, "width": width, "height": height, "viewBox": view,
        "style": "max-width:100%;height:auto", "role": "img", "aria-label": title,
    }  # fmt: skip
    head = ET.Element("title")
    head.text = title
    root.insert(0, head)
    return ET.tostring(root, encoding="unicode") + "\n"


def _lift_tooltips(root: ET.Element) -> None:
    """Links that lead nowhere and only carry a tooltip: their contents, under a ``<title>``."""
    for group in list(root.iter("g")):
        link = group.find("a")
        if link is None:
            continue
        tooltip = next((text for name, text in link.attrib.items() if name.endswith("}title")), "")
        group[:] = list(link)
        if tooltip.strip():
            title = ET.Element("title")
            title.text = tooltip
            group.insert(0, title)
