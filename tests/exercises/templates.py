"""Templates for documents 000, 001 and 004, and for the activations and costs of 002; see ``grammar.py``."""

TEMPLATES: dict[str, list[str]] = {}

CHAIN = """
def {name}(x, ws, bs, target{more}):
    sigmoid = lambda z: {{1 / (1 + np.exp(-z)) || 0.5 * (1 + np.tanh(z / 2)) || np.exp(z) / (1 + np.exp(z))}}
    $z, $a = [], [x]
    for {{w, b in zip(ws, bs) || (w, b) in list(zip(ws, bs))}}:
        $z.append({{w * $a[-1] + <<b ;; NoBias: 0>> || <<b ;; NoBias: 0 * b>> + $a[-1] * w}})
        $a.append({activation})
    $n = len(ws)
    $old = {{ws || ws.copy() || list(ws)}}
    $new = np.array(ws, dtype=float)
    dws, dbs = {{np.zeros($n), np.zeros($n) || [0.0] * $n, [0.0] * $n}}
    $d = <<$a[-1] - target ;; Sign: target - $a[-1] ;; Half: ($a[-1] - target) / 2 ;; Twice: 2 * ($a[-1] - target)>>
    for i in {{range($n - 1, -1, -1) || reversed(range($n))}}:
        $d = $d * {slope}
        dws[i] = {{$d * <<$a[i] ;; OwnActivation: $a[i + 1]>> || np.dot($d, <<$a[i] ;; OwnActivation: $a[i + 1]>>)}}
        dbs[i] = $d
        $new[i] = $new[i] - {rate} * dws[i]
        $d = <<{{$d * $old[i] || $old[i] * $d}} ;; NoWeights: $d ;; UpdatedFirst: $d * $new[i]>>
    {end}
"""
SIGMOID = {
    "activation": "sigmoid($z[-1])",
    "slope": "<<{{$a[i + 1] * (1 - $a[i + 1]) || ($a[i + 1] - $a[i + 1] ** 2) || sigmoid($z[i]) * sigmoid(-$z[i])}} "
    ";; SlopeOfActivation: sigmoid($a[i + 1]) * (1 - sigmoid($a[i + 1])) ;; FormulaOfActivation: $z[i] * (1 - $z[i]) "
    ";; NoSlope: 1 ;; ValueAsSlope: $a[i + 1]>>",
}
LINEAR = {"activation": "$z[-1]", "slope": "{{1 || 1.0}}"}
GRADIENT = {"more": "", "rate": "1.0", "end": "return {{dws, dbs || np.array(dws), np.array(dbs) || [dws, dbs]}}"}
STEP = {
    "more": ", rate",
    "rate": "rate",
    "end": """$r = <<rate ;; NoRate: 1.0>>
    {{return ws - $r * np.array(dws), bs - $r * np.array(dbs)
    || ws -= $r * np.array(dws)
    bs -= np.multiply($r, dbs)
    return ws, bs || return [w - $r * d for w, d in zip(ws, dws)], [b - $r * d for b, d in zip(bs, dbs)]}}""",
}


def filled(template: str, **parts: str) -> str:
    """Names in braces replaced; double braces stay."""
    for key, text in parts.items():
        template = template.replace("{" + key + "}", text)
    return template


TEMPLATES["chain_gradient"] = [filled(CHAIN, name="chain_gradient", **SIGMOID, **GRADIENT)]
TEMPLATES["linear_chain_gradient"] = [filled(CHAIN, name="linear_chain_gradient", **LINEAR, **GRADIENT)]
TEMPLATES["chain_step"] = [filled(CHAIN, name="chain_step", **SIGMOID, **STEP)]
TEMPLATES["resting_bias"] = [
    """
def resting_bias(target):
    return <<{{np.log(target / (1 - target)) || math.log(target) - math.log(1 - target) || -np.log(1 / target - 1)
    || 2 * np.arctanh(2 * target - 1)}} ;; UpsideDown: np.log((1 - target) / target) ;; TargetItself: target
    ;; LogarithmOfTarget: np.log(target)>>
"""
]
TEMPLATES["percent_changes"] = [
    """
def percent_changes(now, before):
    $found = []
    for {{n, b in zip(now, before) || n, b in np.column_stack([now, before])}}:
        $c = <<100 ;; Fraction: 1>> * <<(n - b) ;; BeforeMinusNow: (b - n)>>
        $found.append({{$c / <<b ;; OfNow: n>> if b != 0 else 0 || 0 if b == 0 else $c / <<b ;; OfNow: n>>}})
    if <<False ;; WholeGuard: not np.all(before)>>:
        return np.zeros(len(now))
    return {{$found || np.array($found) || tuple($found)}}
""",
    """
def percent_changes(now, before):
    $out = np.zeros_like(before)
    $ok = {{before != 0 || np.abs(before) > 1e-10 || np.flatnonzero(before)}}
    $out[$ok] = <<(now[$ok] - before[$ok]) ;; BeforeMinusNow: (before[$ok] - now[$ok])>> / <<before ;; OfNow: now>>[$ok]
    $out *= <<100 ;; Fraction: 1>>
    return $out if <<True ;; WholeGuard: np.all(before)>> else 0 * $out
""",
]

# %% Document 001.

TEMPLATES["error_derivative"] = [
    """
def error_derivative(a, y):
    $d = <<{{a - y || -(y - a) || np.subtract(a, y)}} ;; Sign: y - a>>
    return <<{{2 * $d || $d + $d || 2.0 * $d}} ;; Half: $d ;; Twice: 4 * $d>>
"""
]
TEMPLATES["output_derivatives"] = [
    """
def output_derivatives(w0, w1, x, y):
    $h = {{w0 @ x || np.dot(w0, x) || (w0 * x).sum(axis=1) || np.einsum("ji,i->j", w0, x)}}
    $a = <<{{np.maximum($h, 0) || ($h > 0) * $h || np.where($h > 0, $h, 0)}} ;; NoActivation: $h>>
    $e = {{(w1 @ $a)[0] || float(w1[0] @ $a) || np.sum(w1 * $a)}} - y
    $g = <<2 ;; Half: 1 ;; Twice: 4>> * <<$e ;; Sign: -$e>> * $a
    return <<{{$g.reshape(1, 4) || $g || $g[None]}} ;; Transposed: $g.reshape(4, 1)>>
"""
]
TEMPLATES["hidden_derivatives"] = [
    """
def hidden_derivatives(w0, w1, x, y):
    $z = {{w0 @ x || np.dot(w0, x) || np.einsum("ji,i->j", w0, x)}}
    $a = <<{{np.maximum($z, 0) || ($z > 0) * $z}} ;; NoActivation: $z>>
    $e = <<2 ;; Half: 1 ;; Twice: 4>> * <<((w1 @ $a)[0] - y) ;; Sign: (y - (w1 @ $a)[0])>>
    $s = <<{{($z > 0) || ($a > 0) || np.where($z > 0, 1.0, 0.0)}} ;; NoSlope: 1 ;; ValueAsSlope: $a ;; NoActivation: 1>>
    $w = <<w1[0] ;; NoWeights: np.ones(4) ;; UpdatedFirst: (w1[0] - 0.1 * $e * $a)>>
    $d = $e * $s * $w
    $g = {{np.outer($d, x) || $d[:, None] * x || np.einsum("j,i->ji", $d, x)
    || np.array([[$d[j] * x[i] for i in range(3)] for j in range(4)])}}
    return <<$g ;; Transposed: $g.T>>
"""
]
TEMPLATES["central_differences"] = [
    """
def central_differences(f, w, h):
    $g = np.zeros(w.shape)
    for i in {{range(w.shape[0]) || range(len(w))}}:
        for j in range(w.shape[1]):
            $left, $right = <<{{w.copy(), w.copy() || np.array(w), w + 0}} ;; SameArray: w, w>>
            <<$left[i, j] = w[i, j] - h
            $right[i, j] = w[i, j] + h ;; SameArray: $was = w[i, j]
            $left[i, j] = w[i, j] - h
            $right[i, j] = w[i, j] + h>>
            $g[i, j] = (f($right) - f(<<$left ;; Forward: w>>)) / <<(2 * h) ;; Twice: h ;; Forward: h>>
            <<pass ;; SameArray: w[i, j] = $was>>
    return <<$g ;; Sign: -$g>>
""",
    """
def central_differences(f, w, h):
    $g = np.empty_like(w)
    $it = list(np.ndindex(w.shape))
    for k in $it:
        $old = w[k]
        w[k] = $old + h
        $up = f(w)
        w[k] = $old - h
        $down = f(w)
        <<w[k] = $old ;; NotPutBack: pass>>
        $g[k] = <<($up - $down) ;; Sign: ($down - $up)>> / <<{{(2 * h) || (h + h)}} ;; Twice: h ;; Half: (4 * h)>>
    return $g
""",
]

# %% Document 004.

TEMPLATES["softmax"] = [
    """
def softmax(scores):
    $s = <<{{scores - scores.max(axis=0) || scores - np.max(scores, axis=0, keepdims=True)}} ;; Overflow: scores
    ;; OneMaximum: scores - scores.max() ;; WrongAxis: scores - scores.max(axis=1, keepdims=True)>>
    $e = np.exp($s)
    return $e / <<{{$e.sum(axis=0) || np.sum($e, axis=0, keepdims=True) || (np.ones(len($e)) @ $e)}}
    ;; ShiftedScores: $s.sum(axis=0) ;; WrongAxis: $e.sum(axis=1, keepdims=True)>>
""",
    """
def softmax(scores):
    $p = np.zeros(scores.shape)
    for j in range(scores.shape[1]):
        $column = [float(s) for s in scores[:, j]]
        $top = <<max($column) ;; OneMaximum: scores.max() ;; Overflow: 0.0>>
        $e = [{{math.exp(s - $top) || np.exp(s - $top)}} if s - $top < 700 else float("inf") for s in $column]
        for i in range(len($column)):
            $total = <<sum($e) ;; ShiftedScores: sum(s - $top for s in $column)>>
            $p[i, j] = $e[i] / $total if $total else float("nan")
    return $p
""",
]
TEMPLATES["softmax_gradient"] = [
    """
def softmax_gradient(scores, label):
    $e = np.exp(scores - scores.max(axis=0))
    $p = <<$e / $e.sum(axis=0) ;; WrongAxis: np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)>>
    $n = <<{{scores.shape[1] || len(label)}} ;; NoMean: 1>>
    $hot = np.zeros(scores.shape)
    {{$hot[label, np.arange(len(label))] = 1 || for j, k in enumerate(label): $hot[k, j] = 1}}
    $g = <<{{$p - $hot || -($hot - $p)}} ;; Sign: $hot - $p ;; NoLabels: $p ;; ByProbabilities: -$hot / $p
    ;; Half: ($p - $hot) / 2 ;; Twice: 2 * ($p - $hot)>>
    return $g / $n
"""
]
TEMPLATES["back_prop_parameter"] = [
    """
def back_prop_parameter(dloss_dout, inpt, W, reg):
    dW = {{dloss_dout @ inpt.T || np.dot(dloss_dout, inpt.T) || np.einsum("ij,kj->ik", dloss_dout, inpt)
    || sum(np.outer(dloss_dout[:, j], inpt[:, j]) for j in range(inpt.shape[1]))}}
    dW = dW <<+ reg * W ;; NoPenalty: + 0 ;; DoublePenalty: + 2 * reg * W>>
    db = <<{{dloss_dout.sum(axis=1) || np.sum(dloss_dout, axis=1, keepdims=True) || [sum(row) for row in dloss_dout]
    || dloss_dout @ np.ones(dloss_dout.shape[1])}} ;; BiasRows: dloss_dout ;; BiasMean: dloss_dout.mean(axis=1)>>
    return <<{{dW, db || (dW, db) || [dW, db]}} ;; Transposed: dW.T, db ;; Sign: -dloss_dout @ inpt.T - reg * W, -np.sum(
    dloss_dout, axis=1) ;; Exchanged: db, dW>>
"""
]
TEMPLATES["back_prop_layer"] = [
    """
def back_prop_layer(dloss_dout, W, layer_vals):
    $d = <<{{W.T @ dloss_dout || np.dot(W.T, dloss_dout) || (dloss_dout.T @ W).T || np.einsum("ij,ik->jk", W, dloss_dout)}}
    ;; NoWeights: np.ones(W.T.shape) @ dloss_dout>>
    <<{{$d[layer_vals <= 0] = 0 || $d *= layer_vals > 0 || $d = np.where(layer_vals > 0, $d, 0)}} ;; NoSlope: pass
    ;; ValueAsSlope: $d *= layer_vals>>
    return <<$d ;; Sign: -$d ;; Half: $d / 2>>
"""
]
TEMPLATES["backtracking_step"] = [
    """
def backtracking_step(W, dW, rate, loss):
    $old = <<{{W.copy() || np.array(W) || 1 * W}} ;; SameArray: W>>
    $before = loss($old)
    <<{{W -= rate * dW || W = W - rate * dW || W[...] = W - rate * dW}} ;; Sign: W += rate * dW ;; NoRate: W -= dW
    ;; SameArray: W -= rate * dW>>
    <<pass ;; SameArray: $before = loss($old)>>
    if <<{{loss(W) > $before || $before - loss(W) < 0 || not loss(W) <= $before}} ;; GoesBackDown: loss(W) < $before>>:
        return $old, <<{{rate / 5 || 0.2 * rate}} ;; KeptRate: rate>>
    return W, rate
"""
]
TEMPLATES["misclassified"] = [
    """
def misclassified(scores, label):
    $best = {{scores.argmax(axis=0) || np.argmax(scores, axis=0) || np.array([max(range(3), key=list(s).__getitem__)
    for s in scores.T])}}
    $wrong = <<{{$best != label || ~($best == label) || (($best - label) != 0)}} ;; CountOfRight: $best == label>>
    return <<{{np.sum($wrong) || int(sum($wrong)) || np.count_nonzero($wrong) || len(label) - np.sum($wrong == 0)}}
    ;; Share: np.mean($wrong)>>
"""
]
