"""The claims of document 002, each over twenty starts or more."""

from claims.document_002 import formulas, layers, neurons

CLAIMS = formulas.CLAIMS + neurons.CLAIMS + layers.CLAIMS
