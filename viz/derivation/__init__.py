"""``viz.chain_rule``: how a derivative comes about, drawn and written out."""
