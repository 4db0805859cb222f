"""Triton kernels of one decoding step; `fused.py` strings them together, the plain twin is `GPT.step`.

A step reads every weight once for a few rows of numbers, so its floor is the memory's bandwidth, and what stands
between it and the floor is the start of each kernel. Hence every kernel first loads what no earlier kernel of the step
writes (weights, gains, old keys and values, states), and only then waits for its predecessor (`_wait`): on Hopper its
loads run while the predecessor is still at work. Lengths are read on the device: one CUDA graph serves every position.
"""

# Triton's tuples hold tensors, which Python's types do not know.
# pyright: reportOperatorIssue=false, reportCallIssue=false, reportArgumentType=false

import triton
import triton.language as tl

LOWEST = tl.constexpr(-1e30)  # a score below all others that can still be subtracted from itself


@triton.jit
def _wait(EARLY: tl.constexpr, AT_ONCE: tl.constexpr):
    """The predecessor's results are there from here on, and the successor may start loading.

    A successor that starts AT_ONCE, before this wait, may overtake the predecessor too. That is safe because only
    kernels of constant weights allow it: attention, which loads caches before its wait, lets its successor start after
    the wait, and `draw`, which moves the position, lets nobody start before its end. So whatever attention loads early
    was written before the step's own draw.
    """
    if EARLY:
        if AT_ONCE:
            tl.extra.cuda.gdc_launch_dependents()
        tl.extra.cuda.gdc_wait()
        if not AT_ONCE:
            tl.extra.cuda.gdc_launch_dependents()


@triton.jit
def _finish(y, gate, out, mask, SWIGLU: tl.constexpr, ADD: tl.constexpr):
    if SWIGLU:
        y = y * tl.sigmoid(y) * gate
    if ADD:
        y += tl.load(out, mask=mask, other=0.0).to(tl.float32)
    tl.store(out, y.to(out.dtype.element_ty), mask=mask)


@triton.jit
def _add_both(a1, a2, b1, b2):
    return a1 + b1, a2 + b2


@triton.jit
def _sums(a, b, axis: tl.constexpr):
    """Two sums for the price of one wait."""
    return tl.reduce((a, b), axis, _add_both)


@triton.jit
def few_rows_linear(
    x, gain, weight, out, o, eps,
    d: tl.constexpr, D: tl.constexpr, BO: tl.constexpr, ROWS: tl.constexpr,
    NORM: tl.constexpr, SWIGLU: tl.constexpr, ADD: tl.constexpr, EARLY: tl.constexpr,
):  # fmt: skip
    """out [ROWS, o] (+)= norm(x [ROWS, d]) @ weight [o, d].T; SWIGLU: weight is [2 o, d], silu(first) * second.

    A program holds BO whole rows of weights in registers and meets every row of x with them, at most four.
    """
    column, place = tl.arange(0, D), tl.program_id(0) * BO + tl.arange(0, BO)
    real, inside = column < d, place < o
    tile, mask = weight + place[:, None] * d + column[None, :], inside[:, None] & real[None, :]
    first = tl.load(tile, mask=mask, other=0.0, eviction_policy="evict_first")
    second = first
    if SWIGLU:
        second = tl.load(tile + o * d, mask=mask, other=0.0, eviction_policy="evict_first")
    if NORM:
        factor = tl.load(gain + column, mask=real, other=0.0).to(tl.float32)
    _wait(EARLY, True)
    inputs = ()
    for row in tl.static_range(ROWS + ROWS % 2):  # an odd last row comes twice
        there = x + (row if row < ROWS else row - 1) * d + column
        inputs = inputs + (tl.load(there, mask=real, other=0.0).to(tl.float32),)  # noqa: RUF005
    for pair in tl.static_range((ROWS + 1) // 2):
        x1, x2 = inputs[2 * pair], inputs[2 * pair + 1]
        scale1, scale2 = 1.0, 1.0
        if NORM:
            squares1, squares2 = _sums(x1 * x1, x2 * x2, 0)
            scale1, scale2 = tl.rsqrt(squares1 / d + eps), tl.rsqrt(squares2 / d + eps)
            x1, x2 = x1 * factor, x2 * factor
        w = first.to(tl.float32)
        y1, y2 = _sums(w * x1[None, :], w * x2[None, :], 1)
        gate1, gate2 = y1, y2
        if SWIGLU:
            w = second.to(tl.float32)
            gate1, gate2 = _sums(w * x1[None, :], w * x2[None, :], 1)
        there = out + 2 * pair * o + place
        _finish(y1 * scale1, gate1 * scale1, there, inside, SWIGLU, ADD)
        if 2 * pair + 1 < ROWS:
            _finish(y2 * scale2, gate2 * scale2, there + o, inside, SWIGLU, ADD)


@triton.jit
def many_rows_linear(
    x, gain, weight, out, o, rows, eps,
    d: tl.constexpr, CHUNKS: tl.constexpr, PARTS: tl.constexpr, D: tl.constexpr, BO: tl.constexpr, R: tl.constexpr,
    NORM: tl.constexpr, SWIGLU: tl.constexpr, ADD: tl.constexpr, EARLY: tl.constexpr,
):  # fmt: skip
    """The same for up to R rows through the matrix units; each of PARTS warps sums D of the inputs at a time."""
    place, row = tl.program_id(0) * BO + tl.arange(0, BO), tl.arange(0, R)
    column = tl.arange(0, PARTS)[:, None, None] * D + tl.arange(0, D)[None, None, :]  # [PARTS, 1, D]
    inside = place < o
    tile = weight + place[None, :, None] * d + column
    firsts, seconds = (), ()
    for chunk in tl.static_range(CHUNKS):
        start = chunk * PARTS * D
        mask = inside[None, :, None] & (column + start < d)
        firsts = firsts + (tl.load(tile + start, mask=mask, other=0.0, eviction_policy="evict_first"),)  # noqa: RUF005
        if SWIGLU:
            second = tl.load(tile + start + o * d, mask=mask, other=0.0, eviction_policy="evict_first")
            seconds = seconds + (second,)  # noqa: RUF005
    _wait(EARLY, False)
    y3 = tl.zeros((PARTS, R, BO), tl.float32)
    gate3 = tl.zeros((PARTS, R, BO), tl.float32)
    squares = tl.zeros((PARTS, R), tl.float32)
    for chunk in tl.static_range(CHUNKS):
        here = column + chunk * PARTS * D
        mask = (row < rows)[None, :, None] & (here < d)
        values = tl.load(x + row[None, :, None] * d + here, mask=mask, other=0.0)  # [PARTS, R, D]
        if NORM:
            exact = values.to(tl.float32)
            squares += tl.sum(exact * exact, axis=2)
            factor = tl.load(gain + here, mask=here < d, other=0.0).to(tl.float32)
            values = (exact * factor).to(weight.dtype.element_ty)
        y3 = tl.dot(values, tl.permute(firsts[chunk], (0, 2, 1)), y3, input_precision="ieee")
        if SWIGLU:
            gate3 = tl.dot(values, tl.permute(seconds[chunk], (0, 2, 1)), gate3, input_precision="ieee")
    y, gate = tl.sum(y3, axis=0), tl.sum(gate3, axis=0)  # [R, BO]
    if NORM:
        scale = tl.rsqrt(tl.sum(squares, axis=0) / d + eps)[:, None]
        y, gate = y * scale, gate * scale
    mask = (row < rows)[:, None] & inside[None, :]
    _finish(y, gate, out + row[:, None] * o + place[None, :], mask, SWIGLU, ADD)


@triton.jit
def _rotated(x, table, channel, mask):
    """One head's channels after the rotation; channels (2 j, 2 j + 1) turn together."""
    pair = channel // 2 * 2
    cos, sin = tl.load(table + pair, mask=mask, other=0.0), tl.load(table + pair + 1, mask=mask, other=0.0)
    own = tl.load(x + channel, mask=mask, other=0.0).to(tl.float32)
    other = tl.load(x + (channel ^ 1), mask=mask, other=0.0).to(tl.float32)
    return own * cos + tl.where(channel % 2 == 0, -other, other) * sin


@triton.jit
def lightning_attention(
    qkv, rope, slopes, state, out, position, first_row, heads,
    d: tl.constexpr, D: tl.constexpr, E: tl.constexpr, EARLY: tl.constexpr,
):  # fmt: skip
    """state <- exp(-slope) state + k v^T; out = q state. A program takes E value channels of one row and head."""
    program = tl.program_id(0)
    head, width = program % heads, heads * d
    base = qkv + (program // heads) * 3 * width + head * d
    channel, value = tl.arange(0, D), tl.program_id(1) * E + tl.arange(0, E)
    real, inside = channel < d, value < d
    square = state + program * d * d + channel[:, None] * d + value[None, :]
    mask = real[:, None] & inside[None, :]
    table = rope + (tl.load(position) + first_row) * d
    decayed = tl.exp(-tl.load(slopes + head).to(tl.float32)) * tl.load(square, mask=mask, other=0.0)
    _wait(EARLY, False)
    q, k = _rotated(base, table, channel, real), _rotated(base + width, table, channel, real)
    v = tl.load(base + 2 * width + value, mask=inside, other=0.0).to(tl.float32)
    new = decayed + k[:, None] * v[None, :]
    y = tl.sum(q[:, None] * new, axis=0)
    tl.store(out + (program // heads) * width + head * d + value, y.to(out.dtype.element_ty), mask=inside)
    tl.store(square, new, mask=mask)


@triton.jit
def full_attention(
    qkv, rope, keys, values, bias, mixtures, tops, totals, arrivals, out, position, first_row, heads, slots, prefix,
    scale, d: tl.constexpr, D: tl.constexpr, BLOCK: tl.constexpr, SPAN: tl.constexpr, SPLITS: tl.constexpr,
    EARLY: tl.constexpr,
):  # fmt: skip
    """Attend to everything stored and to this position, which is stored too.

    A program takes one row and head and SPAN slots, BLOCK at a time; the one that finishes last adds up what all found,
    in a fixed order. `arrivals` counts the finished ones, and is 0 again afterwards.
    """
    program, split = tl.program_id(0), tl.program_id(1)
    number = tl.load(position)
    stored = prefix + number
    last = stored // SPAN  # the program that also takes this position
    if split > last:
        return
    head, width, row = program % heads, heads * d, program // heads
    base = qkv + row * 3 * width + head * d
    channel = tl.arange(0, D)
    real = channel < d
    cache = program.to(tl.int64) * slots * d
    slot = split * SPAN + tl.arange(0, BLOCK)
    place, mask = cache + slot[:, None] * d + channel[None, :], (slot < stored)[:, None] & real[None, :]
    key_tile = tl.load(keys + place, mask=mask, other=0.0)
    value_tile = tl.load(values + place, mask=mask, other=0.0)
    condition = tl.load(bias + row * slots + slot, mask=slot < prefix, other=0.0).to(tl.float32)
    table = rope + (number + first_row) * d
    _wait(EARLY, False)
    q, k = _rotated(base, table, channel, real) * scale, _rotated(base + width, table, channel, real)
    v = tl.load(base + 2 * width + channel, mask=real, other=0.0).to(tl.float32)
    newest = split == last
    tl.store(keys + cache + stored * d + channel, k.to(keys.dtype.element_ty), mask=real & newest)
    tl.store(values + cache + stored * d + channel, v.to(values.dtype.element_ty), mask=real & newest)
    own = tl.where(newest, tl.sum(q * k), LOWEST)
    scores = tl.where(slot < stored, tl.sum(key_tile.to(tl.float32) * q[None, :], axis=1) + condition, float("-inf"))
    top = tl.maximum(tl.maximum(tl.max(scores, axis=0), own), LOWEST)
    share, own_share = tl.exp(scores - top), tl.where(newest, tl.exp(own - top), 0.0)
    mixed = tl.sum(share[:, None] * value_tile.to(tl.float32), axis=0) + own_share * v
    total = tl.sum(share, axis=0) + own_share
    if SPAN > BLOCK:
        for start in tl.range(split * SPAN + BLOCK, tl.minimum((split + 1) * SPAN, stored), BLOCK, num_stages=3):
            later = start + tl.arange(0, BLOCK)
            there, old = cache + later[:, None] * d + channel[None, :], (later < stored)[:, None] & real[None, :]
            more_keys = tl.load(keys + there, mask=old, other=0.0).to(tl.float32)
            more_values = tl.load(values + there, mask=old, other=0.0).to(tl.float32)
            added = tl.load(bias + row * slots + later, mask=later < prefix, other=0.0).to(tl.float32)
            heights = tl.where(later < stored, tl.sum(more_keys * q[None, :], axis=1) + added, float("-inf"))
            higher = tl.maximum(top, tl.max(heights, axis=0))
            keep, weight = tl.exp(top - higher), tl.exp(heights - higher)
            mixed = mixed * keep + tl.sum(weight[:, None] * more_values, axis=0)
            total, top = total * keep + tl.sum(weight, axis=0), higher
    found = program * tl.num_programs(1) + split
    tl.store(mixtures + found * D + channel, mixed)
    tl.store(tops + found, top)
    tl.store(totals + found, total)

    tl.debug_barrier()  # the whole program has stored before it counts itself
    if tl.atomic_add(arrivals + program, 1, sem="acq_rel") == last:
        each = tl.arange(0, SPLITS)
        all_found = program * tl.num_programs(1) + each
        some = each <= last
        all_tops = tl.load(tops + all_found, mask=some, other=float("-inf"), cache_modifier=".cg")
        all_totals = tl.load(totals + all_found, mask=some, other=0.0, cache_modifier=".cg")
        parts = tl.load(
            mixtures + all_found[:, None] * D + channel[None, :], mask=some[:, None], other=0.0, cache_modifier=".cg"
        )
        part = tl.exp(all_tops - tl.max(all_tops, axis=0))
        y = tl.sum(part[:, None] * parts, axis=0) / tl.sum(part * all_totals, axis=0)
        tl.store(out + row * width + head * d + channel, y.to(out.dtype.element_ty), mask=real)
        tl.store(arrivals + program, 0)


@triton.jit
def _guided(logits, sequence, sequences, code_id, vocabulary, guidance, temperature, GUIDED: tl.constexpr):
    real = code_id < vocabulary
    score = tl.load(logits + sequence * vocabulary + code_id, mask=real, other=float("-inf"))
    if GUIDED:
        without = tl.load(logits + (sequences + sequence) * vocabulary + code_id, mask=real, other=0.0)
        score = without + guidance * (score - without)
    return score / temperature


@triton.jit
def _noisy(score, uniform, lowest):
    """log p + Gumbel noise of what is kept."""
    noise = -tl.log(-tl.log(tl.maximum(uniform, 1e-12)))
    return tl.where((score >= lowest) & (score > float("-inf")), score + noise, float("-inf"))


@triton.jit
def draw(
    logits, embedding, x, codes, position, seed, guidance, temperature, log_min_p, vocabulary, length, d: tl.constexpr,
    D: tl.constexpr, V: tl.constexpr, GUIDED: tl.constexpr, GREEDY: tl.constexpr, EARLY: tl.constexpr,
):  # fmt: skip
    """Draw the code of one sequence from its logits, note it, and start the next step with its embedding.

    Guidance, temperature and min-p as in `sampling.py`; the largest of log p + Gumbel noise is a draw from p. The noise
    follows from the seed, the sequence and the position alone, so it is made before the logits are there. The ids are
    taken in four tiles of V, since four random numbers cost as much as one.
    """
    sequence, sequences = tl.program_id(0), tl.num_programs(0)
    number = tl.load(position + sequence) + 1
    code_id = tl.arange(0, V)
    if not GREEDY:
        r0, r1, r2, r3 = tl.rand4x(tl.load(seed), ((number * sequences + sequence) * V + code_id).to(tl.int32))
    if EARLY:
        tl.extra.cuda.gdc_wait()
    s0 = _guided(logits, sequence, sequences, code_id, vocabulary, guidance, temperature, GUIDED)
    s1 = _guided(logits, sequence, sequences, code_id + V, vocabulary, guidance, temperature, GUIDED)
    s2 = _guided(logits, sequence, sequences, code_id + 2 * V, vocabulary, guidance, temperature, GUIDED)
    s3 = _guided(logits, sequence, sequences, code_id + 3 * V, vocabulary, guidance, temperature, GUIDED)
    if not GREEDY:
        lowest = tl.max(tl.maximum(tl.maximum(s0, s1), tl.maximum(s2, s3)), axis=0) + log_min_p
        s0, s1, s2, s3 = _noisy(s0, r0, lowest), _noisy(s1, r1, lowest), _noisy(s2, r2, lowest), _noisy(s3, r3, lowest)
    top = tl.maximum(tl.maximum(s0, s1), tl.maximum(s2, s3))
    tile = tl.where(top == s0, 0, tl.where(top == s1, 1, tl.where(top == s2, 2, 3)))
    code = tl.min(tl.where(top == tl.max(top, axis=0), tile * V + code_id, 4 * V), axis=0)
    tl.store(codes + sequence * length + number, code.to(tl.int64))
    tl.store(position + sequence, number)
    channel = tl.arange(0, D)
    token = tl.load(embedding + code.to(tl.int64) * d + channel, mask=channel < d, other=0.0)
    tl.store(x + sequence * d + channel, token, mask=channel < d)
    if GUIDED:
        tl.store(x + (sequences + sequence) * d + channel, token, mask=channel < d)
