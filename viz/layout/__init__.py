"""Where boxes stand and how arrows run: layered, wrapped like text, the same on every machine and without any engine.

``items`` puts nodes in columns, ``order`` removes crossings, ``bands`` breaks the columns into lines, ``lanes`` says
which arrows go from line to line, ``settle`` how high everything stands, ``place`` gives it its place, ``ways`` draws
the arrows. All of it speaks of *along*, the way arrows point, and
*across*; only who draws turns that into left and right. Dummy items for arrows that cross columns, sweeps of
barycentres: Sugiyama, Tagawa and Toda, IEEE Transactions on Systems, Man, and Cybernetics 11 (1981) 109-125.
"""
