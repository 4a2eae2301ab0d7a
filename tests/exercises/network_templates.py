"""Templates for document 002, from its activations to its networks, and for document 003; see ``grammar.py``."""

from tests.exercises.templates import filled

TEMPLATES: dict[str, list[str]] = {}

ACTIVATION = """
def {name}(x, deriv=False):
    $f = {value}
    if {{deriv || deriv is True || deriv == True}}:
        $g = {slope}
        return <<$g ;; Sign: -$g ;; Half: $g / 2 ;; Twice: 2 * $g>>
    return $f
"""
SIGMOID = (
    "{{1 / (1 + np.exp(-x)) || 0.5 + 0.5 * np.tanh(0.5 * x) || np.exp(x) / (1 + np.exp(x)) || 1 - 1 / (1 + np.exp(x))}}"
)
TEMPLATES["logistic"] = [
    filled(
        ACTIVATION,
        name="logistic",
        value=SIGMOID,
        slope="<<{{$f * (1 - $f) || $f - $f ** 2 || np.exp(-x) / (1 + np.exp(-x)) ** 2 || 0.25 / np.cosh(x / 2) ** 2}} "
        ";; SlopeOfActivation: 1 / (1 + np.exp(-$f)) * (1 - 1 / (1 + np.exp(-$f))) "
        ";; FormulaOfActivation: {{x * (1 - x) || x - x * x}} ;; NoSlope: {{np.ones_like(x) || x * 0 + 1}} "
        ";; ValueAsSlope: $f>>",
    ),
    """
def logistic(x, deriv=False):
    if np.ndim(x):
        return {{[logistic(t, deriv) for t in x] || np.array([logistic(float(t), deriv) for t in x])}}
    $s = 1 / (1 + math.exp(-x))
    return $s if not deriv else <<$s * (1 - $s) ;; Half: $s * (1 - $s) / 2 ;; ValueAsSlope: $s ;; Sign: $s * ($s - 1)>>
""",
    """
def logistic(x, deriv=False):
    $s = 1 / (1 + math.exp(-x))
    if deriv:
        return <<$s * (1 - $s) ;; FormulaOfActivation: x * (1 - x) ;; ValueAsSlope: $s>>
    return $s
""",
]
TEMPLATES["tanh"] = [
    filled(
        ACTIVATION,
        name="tanh",
        value="{{np.tanh(x) || (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)) || np.sinh(x) / np.cosh(x) "
        "|| 2 / (1 + np.exp(-2 * x)) - 1}}",
        slope="<<{{1 - $f ** 2 || 1 - $f * $f || 1 / np.cosh(x) ** 2 || (1 - $f) * (1 + $f)}} ;; NoSquare: 1 - $f "
        ";; SlopeOfActivation: 1 - np.tanh($f) ** 2 ;; FormulaOfActivation: {{1 - x ** 2 || 1 - x * x}} "
        ";; NoSlope: np.ones_like(x) ;; ValueAsSlope: $f>>",
    )
]
TEMPLATES["relu"] = [
    filled(
        ACTIVATION,
        name="relu",
        value="{{np.maximum(x, 0) || x * (x > 0) || np.where(x > 0, x, 0) || (x + np.abs(x)) / 2 || np.clip(x, 0, None)}}",
        slope="<<{{np.where(x > 0, 1.0, 0.0) || 1 * (x > 0) || (x > 0).astype(float) || (x > 0) * 1.0}} "
        ";; SlopeAtKink: {{np.where(x >= 0, 1.0, 0.0) || 1 * (x >= 0)}} ;; ValueAsSlope: $f ;; NoSlope: np.ones_like(x)>>",
    ),
    """
def relu(x, deriv=False):
    if deriv:
        return 1 if <<x > 0 ;; SlopeAtKink: x >= 0>> else 0
    return {{max(0, x) || x if x > 0 else 0.0}}
""",
]
COST = """
def {name}(y_preds, y, deriv=False):
    $m = {{len(y) || y.shape[0] || y.size || float(len(y_preds))}}
    if deriv:
        $g = {slope}
        $g = <<{{$g / $m || 1 / $m * $g}} ;; NoMean: $g>>
        return <<$g ;; Sign: -$g ;; Twice: 2 * $g ;; Half: 0.5 * $g>>
    $c = {costs}
    return <<{{np.mean($c) || $c.mean() || np.sum($c) / $m || sum($c) / $m}} ;; NoMean: np.sum($c) ;; NotReduced: $c
    ;; MinusInFront: -np.mean($c)>>
"""
TEMPLATES["cross_entropy"] = [
    filled(
        COST,
        name="cross_entropy",
        slope="<<{{(y_preds - y) / (y_preds * (1 - y_preds)) || -y / y_preds + (1 - y) / (1 - y_preds) "
        "|| (1 - y) / (1 - y_preds) - y / y_preds || np.where(y == 1, -1 / y_preds, 1 / (1 - y_preds))}} "
        ";; ByWeightedSum: y_preds - y ;; OtherLogarithm: (y_preds - y) / (y_preds * (1 - y_preds)) / np.log(10) "
        ";; OnlyOnes: -y / y_preds ;; InnerSign: -y / y_preds - (1 - y) / (1 - y_preds)>>",
        costs="<<{{-y * np.log(y_preds) - (1 - y) * np.log(1 - y_preds) || -np.log(np.where(y == 1, y_preds, 1 - y_preds)) "
        "|| -(y * np.log(y_preds) + (1 - y) * np.log1p(-y_preds))}} ;; OnlyOnes: -y * np.log(y_preds) "
        ";; OtherLogarithm: -y * np.log10(y_preds) - (1 - y) * np.log10(1 - y_preds)>>",
    )
]
TEMPLATES["mean_squared_error"] = [
    filled(
        COST,
        name="mean_squared_error",
        slope="2 * <<{{(y_preds - y) || -(y - y_preds)}} ;; ByWeightedSum: (y_preds - y) * y_preds * (1 - y_preds)>>",
        costs="{{(y_preds - y) ** 2 || (y - y_preds) * (y - y_preds) || np.square(y_preds - y)}}",
    )
]
TEMPLATES["gradient_descent"] = [
    """
def gradient_descent(x, y, ws, b, lrate, epochs):
    $m = {{len(x) || x.shape[0]}}
    for $i in range(epochs):
        $Z = {{x @ ws || np.dot(x, ws) || np.einsum("ij,j->i", x, ws)}} + <<b ;; NoBias: 0>>
        $A = {{1 / (1 + np.exp(-$Z)) || 0.5 + 0.5 * np.tanh($Z / 2)}}
        $C = -np.mean(y * np.log($A) + (1 - y) * np.log(1 - $A))
        print("cost", $C)
        $d = <<($A - y) ;; Sign: (y - $A) ;; ByWeightedSum: ($A - y) * $A * (1 - $A) ;; NoSlope: ($A - y) / ($A * (1 - $A))>> / <<$m ;; NoMean: 1>>
        $dw = {{x.T @ $d || (x * $d[:, None]).sum(axis=0) || np.einsum("ij,i->j", x, $d) || [sum(x[:, k] * $d) for k in (0, 1)]}}
        $db = <<{{$d.sum() || np.sum($d) || sum($d)}} ;; BiasMean: $d.mean() ;; BiasRows: $d>>
        $r = <<lrate ;; NoRate: 1>>
        ws = {{ws - np.multiply($r, $dw) || ws + -$r * np.array($dw)}}
        b = b - $r * $db
        <<pass ;; OneEpoch: return ws, b, $A>>
    return ws, b, <<$A ;; LateForward: 1 / (1 + np.exp(-(x @ ws + b)))>>
"""
]
TEMPLATES["forward_pass"] = [
    """
def forward_pass(x, ws, bs, act_fs):
    Zs, As = [], []
    $A = x
    for $i in range(len(ws)):
        $Z = {{np.dot($A, ws[$i]) || $A @ ws[$i] || np.einsum("ij,jk->ik", $A, ws[$i])}} <<+ bs[$i] ;; NoBias: + 0>>
        $A = <<act_fs[$i]($Z) ;; NoActivation: $Z>>
        {{Zs.append($Z) || Zs += [$Z]}}
        As.append($A)
    return {{Zs, As || tuple(Zs), tuple(As) || [Zs, As]}}
"""
]
TEMPLATES["backprop"] = [
    """
def backprop(x, y, ws, bs, act_fs, cost_f, lrate, epochs):
    ws, bs = {{ws, bs || list(ws), list(bs) || [w + 0 for w in ws], [b + 0 for b in bs]}}
    def $fwd():
        Zs, As = [], [x]
        for w, b, f in zip(ws, bs, act_fs):
            Zs.append({{As[-1] @ w || np.dot(As[-1], w)}} + <<b ;; NoBias: 0>>)
            As.append(f(Zs[-1]))
        return Zs, As
    $r = <<lrate ;; NoRate: 1.0>>
    for $e in range(epochs):
        Zs, As = $fwd()
        $d = <<{{cost_f(As[-1], y, True) || cost_f(As[-1], y, deriv=True)}} ;; Sign: -cost_f(As[-1], y, True)
        ;; NoMean: len(y) * cost_f(As[-1], y, True)>>
        dws, dbs = [0] * len(ws), [0] * len(ws)
        for i in {{range(len(ws))[::-1] || range(len(ws) - 1, -1, -1)}}:
            $s = <<$d * act_fs[i](Zs[i], True) ;; NoSlope: $d ;; ValueAsSlope: $d * As[i + 1]
            ;; SlopeOfActivation: $d * act_fs[i](As[i + 1], True)>>
            dws[i] = {{As[i].T @ $s || np.einsum("ni,no->io", As[i], $s)}}
            dbs[i] = <<{{$s.sum(axis=0) || np.sum($s, axis=0, keepdims=True) || np.ones(len(x)) @ $s}}
            ;; BiasMean: $s.mean(axis=0, keepdims=True) ;; BiasRows: $s>>
            <<pass ;; UpdatedFirst: ws[i] = ws[i] - $r * dws[i]; dws[i] = 0 * dws[i]>>
            $d = <<$s @ ws[i].T ;; NoWeights: $s @ np.ones(ws[i].T.shape)>>
        for i in range(len(ws)):
            ws[i] = ws[i] - $r * dws[i]
            bs[i] = bs[i] - $r * dbs[i]
        <<pass ;; OneEpoch: return ws, bs, Zs, As[1:]>>
    <<pass ;; LateForward: Zs, As = $fwd()>>
    return ws, bs, Zs, As[1:]
"""
]

# %% Document 003.

TEMPLATES["feed_forward"] = [
    """
def feed_forward(X, weights, activ):
    $l = [X]
    for w, f in zip(weights, activ):
        $s = {{np.dot($l[-1], w) || $l[-1] @ w || np.array([[r @ c for c in w.T] for r in $l[-1]])}}
        $l.append(<<f($s) ;; NoActivation: $s>>)
    return {{$l || tuple($l)}}
"""
]
UPDATE = """
    def $step(weights, layers):
        $new = {{[w.copy() for w in weights] || list(weights)}}
        $old = list(weights)
        $d = <<layers[-1] - Y ;; Sign: Y - layers[-1] ;; Twice: 2 * (layers[-1] - Y) ;; Half: (layers[-1] - Y) / 2
        ;; DividedSum: (layers[-1] - Y) / len(Y)>>
        for l in {{range(len(weights) - 1, -1, -1) || reversed(range(len(weights)))}}:
            $s = {{layers[l] @ $old[l] || np.dot(layers[l], $old[l])}}
            $f = <<activ[l]($s, deriv=True) ;; SlopeOfActivation: activ[l](layers[l + 1], deriv=True) ;; NoSlope: 1
            ;; ValueAsSlope: layers[l + 1]>>
            $g = $d * $f
            $new[l] = $new[l] - <<alpha ;; NoRate: 1.0>> * {{layers[l].T @ $g || np.einsum("ni,no->io", layers[l], $g)}}
            $d = $g @ <<{{$old[l].T || np.transpose($old[l])}} ;; UpdatedFirst: $new[l].T ;; NoWeights: np.ones($old[l].T.shape)>>
        return $new
    def $feed(X, weights):
        layers = [X]
        for w, f in zip(weights, activ):
            layers.append(f(layers[-1] @ w))
        return layers
"""
TEMPLATES["update_weights"] = [
    f"\ndef update_weights(weights, layers, Y, alpha, activ):{UPDATE}    return $step(weights, layers)\n"
]
TEMPLATES["train_hidden_layer"] = [
    f"""
def train_hidden_layer(X, Y, weights, activ, alpha, maxiter):{UPDATE}    $hist = []
    for $i in range(maxiter):
        $ls = $feed(X, weights)
        $e = {{{{($ls[-1] - Y) ** 2 || np.square(Y - $ls[-1])}}}}
        $hist.append(<<{{{{$e.mean() || np.mean($e) || $e.sum() / $e.size}}}} ;; NoMean: $e.sum() ;; NotReduced: $e>>)
        weights = $step(weights, $ls)
        <<pass ;; OneEpoch: return weights, $hist>>
    return weights, {{{{$hist || np.array($hist)}}}}
"""
]
TEMPLATES["best_of_two_hidden_layers"] = [
    f"""
def best_of_two_hidden_layers(X, Y, weights, activs, alphas, maxiter):
    $all = np.zeros((len(activs), len(alphas)))
    $own = weights
    for a, activ in enumerate(activs):
        for b, alpha in enumerate(alphas):
{UPDATE.replace(chr(10) + "    ", chr(10) + "            ").rstrip(" ")}
            $own = <<{{{{[w.copy() for w in weights] || list(weights)}}}} ;; SameArray: $own>>
            for $i in range(maxiter):
                $own = $step($own, $feed(X, $own))
                <<pass ;; OneEpoch: break>>
            $all[a, b] = <<np.mean(($feed(X, $own)[-1] - Y) ** 2) ;; NoMean: np.sum(($feed(X, $own)[-1] - Y) ** 2)>>
    return $all, np.unravel_index(np.<<argmin ;; Worst: argmax>>($all), $all.shape)
"""
]
