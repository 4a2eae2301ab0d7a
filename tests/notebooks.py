"""What micrograd's lecture, its demo and its notebook of graphs are made of, cell by cell.

The cells are ours; each way of doing things in them is one of theirs, as they write it.
"""

from __future__ import annotations

LECTURE = {
    "imports": """
import math
import numpy as np
import matplotlib.pyplot as plt
%matplotlib inline""",
    "a function of numbers and arrays": """
def height(t):
  return 2*t**2 - 3*t + 1
where = np.arange(-2, 2, 0.5)
plt.plot(where, height(where)); plt.grid();""",
    "a slope by hand": """
h = 0.0001
t = 1/4
print('slope', (height(t + h) - height(t))/h)""",
    "values": """
from autograd import Value
p, q, r = Value(3.0, label='p'), Value(-2.0, label='q'), Value(5.0, label='r')
s = p*q; s.label = 's'
u = s + r; u.label = 'u'
v = Value(4.0, label='v')
E = u * v   ; E.label = 'E'
E""",
    "their picture": """
from graphviz import Digraph

def everything_below(top):
  found, lines = set(), set()
  def look(at):
    if at in found:
      return
    found.add(at)
    for below in at._prev:
      lines.add((below, at))
      look(below)
  look(top)
  return found, lines

def record(top, format='svg', rankdir='LR'):
  g = Digraph(format=format, graph_attr={'rankdir': rankdir})
  found, lines = everything_below(top)
  for each in found:
    key = str(id(each))
    g.node(name=key, label="{ %s | %.4f | %.4f }" % (each.label, each.data, each.grad), shape='record')
    if each._op:
      g.node(name=key + each._op, label=each._op)
      g.edge(key + each._op, key)
  for below, above in lines:
    g.edge(str(id(below)), str(id(above)) + above._op)
  return g

g = record(E)
print(*map(len, everything_below(E)), g.source.count('->'))""",
    "a step by hand": """
E.backward()
for leaf in (p, q, r, v):
  leaf.data += 0.01 * leaf.grad
s = p * q
u = s + r
E = u * v
print(E.data)""",
    "a neuron": """
x1, x2 = Value(1.5, label='x1'), Value(-0.5, label='x2')
w1, w2 = Value(-1.0, label='w1'), Value(2.0, label='w2')
b = Value(3.0, label='b')
first = x1*w1   ; first.label = 'x1*w1'
second = x2*w2   ; second.label = 'x2*w2'
both = first + second   ; both.label = 'x1*w1 + x2*w2'
n = both + b   ; n.label = 'n'
o = n.tanh()   ; o.label = 'o'
o""",
    "an order by hand": """
order, done = [], set()
def put(node):
  if node not in done:
    done.add(node)
    for below in node._prev:
      put(below)
    order.append(node)
put(o)
order""",
    "one node after another": """
o.grad = 1.0
o._backward()
n._backward()
b._backward()
both._backward()
second._backward(); first._backward()
by_hand = [leaf.grad for leaf in (x1, w1, x2, w2, b)]
by_hand""",
    "all of them in that order": """
for node in order:
  node.grad = 0.0
o.grad = 1.0
for node in reversed(order):
  node._backward()
print([leaf.grad for leaf in (x1, w1, x2, w2, b)] == by_hand)""",
    "the same at once": """
for node in order:
  node.grad = 0.0
o.backward()
print([leaf.grad for leaf in (x1, w1, x2, w2, b)] == by_hand, 1 - o.data**2 == n.grad)""",
    "gradients that are set": """
x1.grad = w1.data * first.grad
first.grad = both.grad = n.grad = 0.5
o.grad = 1.0""",
    "twice the same": """
a = Value(3.0, label='a')
twice = a + a   ; twice.label = 'twice'
twice.backward()
print(a.grad)
record(twice)""",
    "tanh in parts": """
n = x1*w1 + x2*w2 + b
e = (2*n).exp()
o = (e - 1) / (e + 1)
o.label = 'o'
for leaf in (x1, w1, x2, w2, b):
  leaf.grad = 0.0
o.backward()
print(max(abs(leaf.grad - by) for leaf, by in zip((x1, w1, x2, w2, b), by_hand)) < 1e-15)""",
    "an operation of one's own": """
def squash(x):
  t = (math.exp(2*x.data) - 1)/(math.exp(2*x.data) + 1)
  out = Value(t, (x, ), 'squash')

  def _backward():
    x.grad += (1 - t**2) * out.grad
  out._backward = _backward

  return out

for leaf in (x1, w1, x2, w2, b):
  leaf.grad = 0.0
o = squash(x1*w1 + x2*w2 + b)
o.backward()
print(max(abs(leaf.grad - by) for leaf, by in zip((x1, w1, x2, w2, b), by_hand)) < 1e-15)
o""",
    "classes of one's own": """
import random

class Cell:

  def __init__(self, n):
    self.w, self.b = [Value(random.uniform(-1,1)) for _ in range(n)], Value(random.uniform(-1,1))

  def __call__(self, inputs):
    return sum((weight*x for weight, x in zip(self.w, inputs)), self.b).tanh()

  def parameters(self):
    return self.w + [self.b]

class Row:

  def __init__(self, n, m):
    self.neurons = [Cell(n) for _ in range(m)]

  def __call__(self, inputs):
    found = [cell(inputs) for cell in self.neurons]
    return found[0] if len(found) == 1 else found

  def parameters(self):
    return [p for cell in self.neurons for p in cell.parameters()]

class Rows:

  def __init__(self, *sizes):
    self.layers = [Row(n, m) for n, m in zip(sizes, sizes[1:])]

  def __call__(self, inputs):
    for row in self.layers:
      inputs = row(inputs)
    return inputs

  def parameters(self):
    return [p for row in self.layers for p in row.parameters()]

random.seed(2)
model = Rows(2, 3, 3, 1)
model([2.0, -1.0])""",
    "training": """
points = [[2.0, 3.0], [3.0, -1.0], [0.5, 1.0], [1.0, -1.0]]
wanted = [1.0, -1.0, -1.0, 1.0]
for step in range(30):
  given = [model(point) for point in points]
  loss = sum((g - w)**2 for w, g in zip(wanted, given))
  for p in model.parameters():
    p.grad = 0.0
  loss.backward()
  for p in model.parameters():
    p.data += -0.1 * p.grad
  print(step, loss.data)""",
    "predictions": "given",
    "the network of one's own": "import viz\nviz.network(model)",
    "the loss": "loss",
    "the loss, step by step": "viz.step(loss)",
}
DEMO = {
    "imports": """
import random
import numpy as np
import matplotlib.pyplot as plt
%matplotlib inline
from autograd import Value
from nn.micrograd import Neuron, Layer, MLP
from nn.datasets import moons
np.random.seed(3)
random.seed(3)""",
    "data": """
points, sides = moons(n_samples=20, noise=0.1, rng=0)
sides = sides*2 - 1
plt.figure(figsize=(3,3))
plt.scatter(points[:,0], points[:,1], c=sides, s=20, cmap='jet')""",
    "model": """
net = MLP(2, [8, 8, 1])
print(net)
print(len(net.parameters()), 'numbers')""",
    "loss": """
def cost(few=None):
    chosen = np.arange(len(points)) if few is None else np.random.permutation(points.shape[0])[:few]
    given = list(map(net, [list(map(Value, row)) for row in points[chosen]]))
    margins = [(1 + -side*score).relu() for side, score in zip(sides[chosen], given)]
    total = sum(margins) * (1.0 / len(margins)) + 1e-4 * sum((p*p for p in net.parameters()))
    right = [(side > 0) == (score.data > 0) for side, score in zip(sides[chosen], given)]
    return total, sum(right) / len(right)

total, share = cost()
print(total, share)
cost(few=5)""",
    "training": """
for step in range(40):
    total, share = cost()
    net.zero_grad()
    total.backward()
    rate = 1.0 - 0.9*step/100
    for p in net.parameters():
        p.data -= rate * p.grad
    print(f"step {step} loss {total.data}, accuracy {share*100}%")""",
    "regions": """
across, up = np.meshgrid(np.arange(-2, 3, 0.5), np.arange(-1.5, 2, 0.5))
scores = list(map(net, [list(map(Value, row)) for row in np.c_[across.ravel(), up.ravel()]]))
positive = np.array([score.data > 0 for score in scores]).reshape(across.shape)
plt.figure()
plt.contourf(across, up, positive, cmap=plt.cm.Spectral, alpha=0.8)
plt.scatter(points[:, 0], points[:, 1], c=sides, s=40, cmap=plt.cm.Spectral)
plt.xlim(across.min(), across.max())
plt.ylim(up.min(), up.max())""",
    "a neuron": """
from nn import micrograd as nn
lone = nn.Neuron(2)
out = (lone([Value(1.0), Value(-2.0)]) * 2 + 1).relu()
out.backward()
out""",
    "their other picture": """
import viz
dot = viz.draw_dot(out, format='svg', rankdir='TB')
dot""",
    "in a file": "dot.render('neuron')",
}
NOTEBOOKS = {"lecture": LECTURE, "demo": DEMO}
