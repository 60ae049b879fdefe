"""Imports PyTorch and trains a small model: half a million allocation sites (PyTorch 1.12) to two million (2.x).

    pip install memray torch
    memray run --native --trace-python-allocators -o native.bin native.py

Without PyTorch it says so and records nothing to speak of.
"""

import sys

try:
    import torch
except ImportError:
    sys.exit("native.py: PyTorch is not installed here (pip install torch)")

STEPS = 50
WIDTH = 64


def main():
    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.Linear(WIDTH, WIDTH), torch.nn.ReLU(), torch.nn.Linear(WIDTH, 1))
    optimizer = torch.optim.Adam(model.parameters())
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = model(torch.rand(WIDTH, WIDTH)).square().mean()
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    main()
