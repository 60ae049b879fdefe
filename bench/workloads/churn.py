"""Allocates and frees without pause, through thousands of different call paths: something to record and to measure with.

    memray run -o churn10.bin churn.py 10

The number is millions of allocations (default 1). The same number gives the same allocations, frees and stacks. Every
block is larger than 512 bytes, so that it comes from malloc, which memray always records.
"""

import random
import sys

LAYERS = 12  # the deepest call path
WIDTH = 40  # functions in a layer
PATHS = 5_000  # call paths in use
BLOCKS = 200_000  # blocks that live at a time, at most
SIZES = [576, 640, 768, 1024, 1280, 1536, 2048, 4096]

SOURCE = """
def layer_{depth}_{number}(path, left, size):
    if left == 0:
        return bytearray(size)
    turn = path[left]
    if turn & 1:
        return below[turn >> 1](path, left - 1, size)
    return below[turn >> 1](path, left - 1, size)
"""


def make_entries():
    """Generates the functions, innermost layer first; each calls one of the layer below, from one of two lines."""
    below = []
    for depth in range(LAYERS):
        names = [f"layer_{depth}_{number}" for number in range(WIDTH)]
        text = "".join(SOURCE.format(depth=depth, number=number) for number in range(WIDTH))
        namespace = {"below": below}
        exec(compile(text, f"generated/layer_{depth}.py", "exec"), namespace)
        below = [namespace[name] for name in names]
    return below


def churn(allocations, seed=20):
    choose = random.Random(seed).randrange
    entries = make_entries()
    paths = [[choose(WIDTH * 2) for _ in range(LAYERS)] for _ in range(PATHS)]
    blocks = [None] * BLOCKS
    for index in range(allocations):
        number = choose(PATHS)
        path = paths[number]
        size = SIZES[choose(len(SIZES))]
        if index % 1000 == 0:
            size += choose(200_000)  # seldom something large, so that the peak stands out
        # A block that stood here before is freed; the depth belongs to the path.
        blocks[choose(BLOCKS)] = entries[path[0] >> 1](path, 2 + number % (LAYERS - 2), size)


if __name__ == "__main__":
    churn(int(float(sys.argv[1] if len(sys.argv) > 1 else 1) * 1_000_000))
