"""A language model in plain scalars: a GPT, whole, that learns to invent names.

It reads a name letter by letter and says, after each, how likely every letter is to come next. What it computes is
written for one number at a time, with lists and loops; ``autograd.compile`` finds the matrices in it. Read it from top
to bottom. The model is that of GPT-2 made small: Radford et al., "Language models are unsupervised multitask
learners", 2019, with the normalisation of Zhang and Sennrich, "Root mean square layer normalization", NeurIPS 2019.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from report import Report, run

import viz
from autograd import Value, compile, dot, logsumexp, mean, relu, softmax
from nn import Adam

TITLE = "A language model in plain scalars"
SEED = 0

# %% What it reads: names that nobody gave, put together from syllables for this page.

NAMES = """
adavel ader adois aliris allidan alloy alminor alnen alnor alnoy alora alshara alsiric aludona aly amalin anath
andal aneis annanor anniy arel aridan arlan arnelin arnira arnor arnoric arois arraris arreth atava avil bedan
belodan beloris beluis bemais ben bena benion beritan beshar besina brilan brilin brilola brineth brir britana
briy calin caluy camir can canilin cara carais caric carora dadeis dala dalar damin damir danor dar daric
dasiric dredan drenola drerela dreric drerora dresiva edenor ela ella ellumir elroy emiris enel eninor enla enna
ennio enrena enrimir enriris ensin ensiris eny eris erodan eshalin esin eth fadeva falora falul fanara fanith
flemir flen fletal gadol galiy gaman ganor garira gavina gaviva greluel grenala grenel grenera grerina greroia
hadan haliva hanoy haren hariy hasimir ila ildal ildeia ilnadan ilnava ilrana ilrena iltalin iltath iluel ilvil
imir inel inisina inona inoner ion ishamir ith iva ivin jodoris jolimir jomir jonoth jorana joremir jova kal
kalaris kalonal kamir kanolin kariva klader klal klalith klamir klaria klaric lalur lanil lasion madan madomir
maliris mamanor mamir manay mania marira marona masio masiric midaric mil miladan mimana mimilun mimir min
minimir miradan miric mirin miriric mishal mivilar miy namin namir nananor narey narona nasira nath naveva
noloney noludan non nona norala noremir nova novena novilin novinor noviy odala odaris odela olunion omir onalin
orasiva ordoy oren oria oriric oris ornana ornaric orredan orsir orth otath ovedan oviy pedela pedomio pelin
penana penemir penena pener penolio perais peraric perois pevenor peviric quil quilara quilin quinith quirava
quireia quisin ral ralin raniric ratala rava ravela sadan sadoris saney sarel shomiva shon shona shonira shorar
shosira tadalin tamaria tana taniris tara tasiris tavenor treia tremil tremir trenira tresir treva treveis
treven trey udan udemir unidan uniluy uvith vadala vala valion vamina vath vavedan vavidan vella velnio velnith
velrois widonor wirel wirol wisio yalina yaluth yanais yara yaremir yareth yaris yaviy zalais zalil zamara
zamira zanina zareris zarois zaron
""".split()  # noqa: SIM905 - words are read as words

END = 26  # begins and ends a name; the letters are 0 to 25
LETTERS, CONTEXT = 27, 8  # a name has at most seven letters, and its end

# %% What it knows: 4,064 numbers, at first random.

WIDTH, HEADS = 16, 4  # numbers that stand for a letter; parts of them that look back each in its own way
SIZE = WIDTH // HEADS
SHAPES = {
    "letter": (LETTERS, WIDTH), "place": (CONTEXT, WIDTH), "query": (WIDTH, WIDTH), "key": (WIDTH, WIDTH),
    "value": (WIDTH, WIDTH), "mix": (WIDTH, WIDTH), "widen": (4 * WIDTH, WIDTH), "narrow": (WIDTH, 4 * WIDTH),
    "next": (LETTERS, WIDTH),
}  # fmt: skip

Vector = list[Any]  # of floats or of Values: the model does not mind


def random_weights(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Small numbers; what is learned will grow from them."""
    return {name: rng.normal(0.0, 0.08, shape) for name, shape in SHAPES.items()}


# %% What it does.


def linear(matrix: Any, x: Vector) -> Vector:
    """Each row of the matrix times the vector."""
    return [dot(row, x) for row in matrix]


def normalise(x: Vector) -> Vector:
    """The same direction at a length that does not vary: the mean of the squares becomes 1."""
    scale = (dot(x, x) / len(x) + 1e-5) ** -0.5
    return [a * scale for a in x]


def add(x: Vector, y: Vector) -> Vector:
    """What was known, and what was found out."""
    return [a + b for a, b in zip(x, y, strict=True)]


def attend(weights: dict[str, Any], x: Vector, keys: list[Vector], values: list[Vector]) -> Vector:
    """Look back: this letter asks, all letters so far answer, and the better an answer fits the more it counts."""
    query = linear(weights["query"], x)
    keys.append(linear(weights["key"], x))
    values.append(linear(weights["value"], x))
    seen: Vector = []
    for head in range(0, WIDTH, SIZE):
        part = slice(head, head + SIZE)
        shares = softmax([dot(query[part], key[part]) / SIZE**0.5 for key in keys])
        seen += [dot(shares, answers) for answers in list(zip(*values, strict=True))[part]]
    return linear(weights["mix"], seen)


def scores(weights: dict[str, Any], word: Any) -> list[Vector]:
    """For each letter of a word, how well each letter would do as the next; a letter comes as a row of 27 numbers."""
    columns = list(zip(*weights["letter"], strict=True))
    keys: list[Vector] = []
    values: list[Vector] = []
    found = []
    for letter, place in zip(word, weights["place"], strict=False):
        x = normalise(add(linear(columns, letter), place))
        x = add(x, attend(weights, normalise(x), keys, values))
        x = add(x, linear(weights["narrow"], [relu(a) for a in linear(weights["widen"], normalise(x))]))
        found.append(linear(weights["next"], x))
    return found


def loss(weights: dict[str, Any], word: Any, following: Any, share: Any) -> Any:
    """How much the next letter surprises: the logarithm of one over the chance that it was given, on average."""
    surprises = [
        logsumexp(score) - dot(score, right)
        for score, right in zip(scores(weights, word), following, strict=True)
    ]  # fmt: skip
    return dot(surprises, share)


# %% One program for names of every length.
#
# A compiled function is recorded once and then runs for all numbers. Whatever chooses by a number, as
# ``weights["letter"][number]`` does, or loops as often as a name has letters, would make another program for every
# name. So a name comes as numbers of which there are always as many:
#
# - each letter is one-hot: 27 numbers, a 1 in its place among zeros, and the row of its weights is picked out by a
#   product with these, which is a product of matrices in the end;
# - behind its end a name is padded with rows of zeros up to the longest;
# - the mask, ``share``, is one over the number of letters where there is one, and 0 behind: times that, whatever the
#   model makes of the padding costs nothing, so no derivative comes from there.
#
# Looking ahead needs no mask: a letter is asked only of the letters before it, since ``keys`` holds no others yet.


def as_numbers(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A name as the loss takes it: its letters, those that follow them, and the share of each in the mean."""
    letters = [END, *(ord(letter) - ord("a") for letter in name), END]
    count = len(letters) - 1
    rows = np.zeros((CONTEXT + 1, LETTERS))
    rows[np.arange(count + 1), letters] = 1.0
    word, following = rows[:CONTEXT].copy(), rows[1:]
    word[count:] = 0.0  # the end is what to say last, not what to go on from
    return word, following, np.where(np.arange(CONTEXT) < count, 1.0 / count, 0.0)


# %% How it learns: a name, its loss, all 4,064 derivatives, a small step down; a thousand times.


def train(weights: dict[str, np.ndarray], names: list[str], steps: int) -> tuple[dict[str, np.ndarray], list[float]]:
    """The weights after so many steps, one name each, and the loss before each of them."""
    words, followings, shares = (np.array(part) for part in zip(*map(as_numbers, names), strict=True))
    program = compile(loss, batched=("word", "following", "share"))
    step = program.step(weights, words[:1], followings[:1], shares[:1])
    numbers = np.concatenate([weights[name].ravel() for name in SHAPES])
    adam = Adam(lambda k: 0.01 * (1.0 - k / steps), beta1=0.85, beta2=0.99)
    losses = []
    for k in range(steps):
        i = k % len(names)
        cost, slopes = step(numbers, words[i : i + 1], followings[i : i + 1], shares[i : i + 1])
        losses.append(cost)
        numbers = adam.step(numbers, slopes)
    ends = np.cumsum([weights[name].size for name in SHAPES])[:-1]
    parts = zip(SHAPES.items(), np.split(numbers, ends), strict=True)
    return {name: part.reshape(shape) for (name, shape), part in parts}, losses


# %% What it has to say.


def invent(weights: dict[str, Any], rng: np.random.Generator, temperature: float = 0.5) -> str:
    """A new name: letter after letter, drawn by the chances that the model gives them, until it says the end."""
    plain = {name: matrix.tolist() for name, matrix in weights.items()}
    one_hot = np.eye(LETTERS).tolist()
    letters = [END]
    while len(letters) <= CONTEXT:
        last = scores(plain, [one_hot[letter] for letter in letters])[-1]
        letters.append(int(rng.choice(LETTERS, p=softmax([score / temperature for score in last]))))
        if letters[-1] == END:
            break
    return "".join(chr(ord("a") + letter) for letter in letters[1:] if letter != END)


def main(report: Report) -> None:
    """From random numbers to names."""
    rng = np.random.default_rng(report.seed)
    names = rng.permutation(NAMES).tolist()
    weights = random_weights(rng)
    steps = 200 if report.quick else 1000
    report.say(
        f"{len(NAMES)} names, for instance {', '.join(names[:5])}; and a model of "
        f"{sum(matrix.size for matrix in weights.values()):,} random numbers, which so far says "
        f"{', '.join(invent(weights, rng) for _ in range(5))}."
    )

    # %% What is one number of it? An operation on two others, as everywhere in this library.
    values = {name: [[Value(x) for x in row] for row in matrix.tolist()] for name, matrix in weights.items()}
    word, following, share = as_numbers(names[0])
    count = len(names[0]) + 1
    eager = loss(values, word[:count].tolist(), following[:count].tolist(), share[:count].tolist())
    eager.backward()
    report.say(
        f"On Values the loss of {names[0]!r} is {eager.data:.4f}: of {LETTERS} letters it knows nothing yet, and "
        f"ln {LETTERS} is {np.log(LETTERS):.4f}. backward() has put a derivative on each of its numbers.",
        holds=abs(eager.data - np.log(LETTERS)) < 0.5,
    )

    # %% Does it learn? Compiled, a thousand names take no longer than a few dozen on Values.
    begin = time.perf_counter()
    weights, losses = train(weights, names, steps)
    taken = time.perf_counter() - begin
    report.say(
        f"Compiled, with padding and mask, that first loss is the same: {losses[0]:.4f}.",
        holds=abs(losses[0] - eager.data) < 1e-12,
    )
    early, late = mean(losses[:50]), mean(losses[-50:])
    report.say(
        f"{steps:,} steps, compiling included, took {taken:.1f} s. The loss fell from {early:.2f} to {late:.2f}, the "
        f"means of fifty steps: it was as unsure as among {np.exp(early):.0f} letters, and is now as among "
        f"{np.exp(late):.0f}.",
        holds=late < early - 0.5,
    )
    smooth = np.convolve(losses, np.full(25, 1.0 / 25.0), mode="valid")
    report.figure(viz.plot_loss({"mean of 25 names": smooth}), "microgpt_loss", "The loss while it reads")

    # %% What does it say now?
    invented = [invent(weights, rng) for _ in range(20)]
    new = [name for name in invented if name not in NAMES]
    report.say(
        f"It says: {', '.join(invented)}. Of these {len(invented)} names {len(new)} are new: nobody wrote them.",
        holds=len(new) > len(invented) // 2,
    )


if __name__ == "__main__":
    run(main, TITLE, SEED)
