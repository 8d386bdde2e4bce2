"""Timings of `dlbasics`, PyTorch and a plain textbook implementation, side by side."""
