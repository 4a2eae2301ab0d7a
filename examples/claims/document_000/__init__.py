"""The claims of document 000, each over twenty draws of inputs or starts, or more."""

from claims.document_000 import formulas, layers

CLAIMS = formulas.CLAIMS + layers.CLAIMS
