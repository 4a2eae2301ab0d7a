"""Who wrote the five documents, as far as their texts name it, and our thanks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A document as its own text names it; what it does not name is empty.

    Parameters
    ----------
    title, author, licence, link : str
        In the document's words.
    thanks : str
        What we owe it.
    about : str
        What else a reader should know of it.
    """

    title: str
    author: str
    licence: str
    link: str
    thanks: str
    about: str = ""

    def __str__(self) -> str:
        named = [
            f"“{self.title}”" if self.title else "The text names no title",
            f"by {self.author}" if self.author else "names no author",
            self.licence or "names no licence",
            self.link or "gives no link to itself",
        ]
        return f"{'; '.join(named)}. {self.about}{' ' * bool(self.about)}{self.thanks}"


SOURCES = {
    "000": Source(
        "Data science code snippets—2: Using world’s simplest ANN to visualize that deep learning is hard",
        "Ajit R. Jadhav",
        "“All rights reserved”, says the head of its program, version of 2 January 2019",
        "",
        "We thank Ajit R. Jadhav for a network so small that all of its learning fits into one picture.",
        "Its author would like to be told, by a comment or an email, of any use of it in training or teaching: if you "
        "use it, please do. None of the program is copied here.",
    ),
    "001": Source(
        "deep learning with a tiny neural net",
        "Kayla Lewis, 28 January 2023",
        "",
        "",
        "We thank Kayla Lewis for derivatives that are worked out twice, by formula and by difference, so that either "
        "can be checked.",
        "Its example comes, as it says, from the book Grokking Deep Learning by Andrew W. Trask.",
    ),
    "002": Source(
        "Exercise: Simple Neural Network",
        "Klaus Strohmenger, 2019",
        "text CC-BY-SA 4.0, code cells MIT",
        "based on a work at https://gitlab.com/deep.TEACHING",
        "We thank Klaus Strohmenger and deep.TEACHING for an exercise that lets its reader build every part.",
        "Its heading is “ML-Fundamentals - Simple Neural Network”.",
    ),
    "003": Source(
        "",
        "",
        "",
        "",
        "We thank its author for one boxed formula that serves every layer, and for telling students where to change "
        "what.",
        "“Document 003” is our number for a lesson of a course on machine learning; its sections begin with “A "
        "Multi-Layer Network”, it speaks of its Part 1 and Part 2, and a note of 2/20/2020 is at its top. In the text "
        "that we have, the line breaks of the programs are lost.",
    ),
    "004": Source(
        "",
        "",
        "",
        "",
        "We thank its author for building a classifier from nothing, and for writing down what went wrong with it.",
        "“Document 004” is our number for a report on a toy classifier in Python 2. In the text that we have, its "
        "formulas and pictures, and the line breaks of its programs, are lost.",
    ),
}
