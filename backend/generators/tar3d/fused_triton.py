"""Triton kernels of one decoding step; `fused.py` strings them together, the plain twin is `GPT.step`.

A step reads every weight once for a few rows of numbers, so its floor is the memory's bandwidth, and what stands
between it and the floor is the start of each kernel. Hence every kernel first loads what no earlier kernel of the step
writes (weights, gains, old keys and values, states), and only then waits for its predecessor (`_wait`): on Hopper its
loads run while the predecessor is still at work. Lengths are read on the device: one CUDA graph serves every position.
"""

import triton
import triton.language as tl

LOWEST = tl.constexpr(-1e30)  # a score below all others that can still be subtracted from itself


@triton.jit
def _wait(EARLY: tl.constexpr):
    """The predecessor's results are there from here on. Its successor may start loading now, not sooner: what a kernel
    loads before its own wait was then written by a kernel before its predecessor, which has ended."""
    if EARLY == 2:
        tl.extra.cuda.gdc_launch_dependents()
        tl.extra.cuda.gdc_wait()
    if EARLY == 1:
        tl.extra.cuda.gdc_wait()
        tl.extra.cuda.gdc_launch_dependents()
    if EARLY == 3:
        tl.extra.cuda.gdc_wait()


@triton.jit
def _finish(y, gate, out, mask, SWIGLU: tl.constexpr, ADD: tl.constexpr):
    if SWIGLU:
        y = y * tl.sigmoid(y) * gate
    if ADD:
        y += tl.load(out, mask=mask, other=0.0).to(tl.float32)
    tl.store(out, y.to(out.dtype.element_ty), mask=mask)


@triton.jit
def few_rows_linear(
    x, gain, weight, out, o, eps,
    d: tl.constexpr, D: tl.constexpr, BO: tl.constexpr, ROWS: tl.constexpr,
    NORM: tl.constexpr, SWIGLU: tl.constexpr, ADD: tl.constexpr, EARLY: tl.constexpr,
):  # fmt: skip
    """out [ROWS, o] (+)= norm(x [ROWS, d]) @ weight [o, d].T; SWIGLU: weight is [2 o, d], silu(first) * second.

    A program holds BO whole rows of weights in registers and meets every row of x with them.
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
    _wait(EARLY)
    inputs = ()
    for row in tl.static_range(ROWS):
        inputs = inputs + (tl.load(x + row * d + column, mask=real, other=0.0).to(tl.float32),)  # noqa: RUF005
    for row in tl.static_range(ROWS):
        values = inputs[row]
        scale = 1.0
        if NORM:
            scale = tl.rsqrt(tl.sum(values * values) / d + eps)
            values = values * factor
        y = tl.sum(first.to(tl.float32) * values[None, :], axis=1) * scale
        gate = y
        if SWIGLU:
            gate = tl.sum(second.to(tl.float32) * values[None, :], axis=1) * scale
        _finish(y, gate, out + row * o + place, inside, SWIGLU, ADD)


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
    _wait(EARLY)
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
    _wait(EARLY)
    q, k = _rotated(base, table, channel, real), _rotated(base + width, table, channel, real)
    v = tl.load(base + 2 * width + value, mask=inside, other=0.0).to(tl.float32)
    new = decayed + k[:, None] * v[None, :]
    y = tl.sum(q[:, None] * new, axis=0)
    tl.store(out + (program // heads) * width + head * d + value, y.to(out.dtype.element_ty), mask=inside)
    tl.store(square, new, mask=mask)


@triton.jit
def full_attention(
    qkv, rope, keys, values, bias, mixtures, tops, totals, arrivals, out, position, first_row, heads, slots, prefix,
    scale, d: tl.constexpr, D: tl.constexpr, BLOCK: tl.constexpr, SPLITS: tl.constexpr, EARLY: tl.constexpr,
):  # fmt: skip
    """Attend to everything stored and to this position, which is stored too.

    A program takes one row and head and BLOCK slots; the one that finishes last adds up what all found, in a fixed
    order. `arrivals` counts the finished ones, and is 0 again afterwards.
    """
    program, split = tl.program_id(0), tl.program_id(1)
    number = tl.load(position)
    stored = prefix + number
    last = stored // BLOCK  # the program that also takes this position
    if split > last:
        return
    head, width = program % heads, heads * d
    base = qkv + (program // heads) * 3 * width + head * d
    channel, slot = tl.arange(0, D), split * BLOCK + tl.arange(0, BLOCK)
    real, old = channel < d, slot < stored
    cache = program.to(tl.int64) * slots * d
    place, mask = cache + slot[:, None] * d + channel[None, :], old[:, None] & real[None, :]
    old_keys = tl.load(keys + place, mask=mask, other=0.0)
    old_values = tl.load(values + place, mask=mask, other=0.0)
    condition = tl.load(bias + (program // heads) * slots + slot, mask=slot < prefix, other=0.0).to(tl.float32)
    table = rope + (number + first_row) * d
    _wait(EARLY)
    q, k = _rotated(base, table, channel, real) * scale, _rotated(base + width, table, channel, real)
    v = tl.load(base + 2 * width + channel, mask=real, other=0.0).to(tl.float32)
    newest = real & (split == last)
    tl.store(keys + cache + stored * d + channel, k.to(keys.dtype.element_ty), mask=newest)
    tl.store(values + cache + stored * d + channel, v.to(values.dtype.element_ty), mask=newest)
    own = tl.where(split == last, tl.sum(q * k), LOWEST)
    scores = tl.where(old, tl.sum(old_keys.to(tl.float32) * q[None, :], axis=1) + condition, float("-inf"))
    top = tl.maximum(tl.maximum(tl.max(scores, axis=0), own), LOWEST)
    share, own_share = tl.exp(scores - top), tl.where(split == last, tl.exp(own - top), 0.0)
    mixed = tl.sum(share[:, None] * old_values.to(tl.float32), axis=0) + own_share * v
    found = program * tl.num_programs(1) + split
    tl.store(mixtures + found * D + channel, mixed)
    tl.store(tops + found, top)
    tl.store(totals + found, tl.sum(share, axis=0) + own_share)

    tl.debug_barrier()  # the whole program has stored before it counts itself
    if tl.atomic_add(arrivals + program, 1, sem="acq_rel") == last:
        each = tl.arange(0, SPLITS)
        all_found = program * tl.num_programs(1) + each
        some = each <= last
        heights = tl.load(tops + all_found, mask=some, other=float("-inf"), cache_modifier=".cg")
        weight = tl.exp(heights - tl.max(heights, axis=0))
        total = tl.sum(weight * tl.load(totals + all_found, mask=some, other=0.0, cache_modifier=".cg"), axis=0)
        parts = tl.load(
            mixtures + all_found[:, None] * D + channel[None, :], mask=some[:, None], other=0.0, cache_modifier=".cg"
        )
        y = tl.sum(weight[:, None] * parts, axis=0) / total
        tl.store(out + (program // heads) * width + head * d + channel, y.to(out.dtype.element_ty), mask=real)
        tl.store(arrivals + program, 0)


@triton.jit
def draw(
    logits, embedding, x, codes, position, seed, guidance, temperature, log_min_p, vocabulary, length, d: tl.constexpr,
    D: tl.constexpr, V: tl.constexpr, GUIDED: tl.constexpr, GREEDY: tl.constexpr, EARLY: tl.constexpr,
):  # fmt: skip
    """Draw the code of one sequence from its logits, note it, and start the next step with its embedding.

    Guidance, temperature and min-p as in `sampling.py`; the largest of log p + Gumbel noise is a draw from p. The noise
    follows from the seed, the sequence and the position alone.
    """
    _wait(EARLY)
    sequence, sequences = tl.program_id(0), tl.num_programs(0)
    number = tl.load(position + sequence) + 1
    code_id = tl.arange(0, V)
    real = code_id < vocabulary
    score = tl.load(logits + sequence * vocabulary + code_id, mask=real, other=float("-inf"))
    if GUIDED:
        without = tl.load(logits + (sequences + sequence) * vocabulary + code_id, mask=real, other=0.0)
        score = without + guidance * (score - without)
    score = score / temperature
    if not GREEDY:
        kept = score >= tl.max(score, axis=0) + log_min_p
        uniform = tl.rand(tl.load(seed), ((number * sequences + sequence) * vocabulary + code_id).to(tl.int32))
        noise = -tl.log(-tl.log(tl.maximum(uniform, 1e-12)))
        score = tl.where(kept & real, score + noise, float("-inf"))
    code = tl.argmax(score, axis=0)
    tl.store(codes + sequence * length + number, code.to(tl.int64))
    tl.store(position + sequence, number)
    channel = tl.arange(0, D)
    token = tl.load(embedding + code.to(tl.int64) * d + channel, mask=channel < d, other=0.0)
    tl.store(x + sequence * d + channel, token, mask=channel < d)
    if GUIDED:
        tl.store(x + (sequences + sequence) * d + channel, token, mask=channel < d)
