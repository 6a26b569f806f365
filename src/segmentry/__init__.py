"""Segmentry: self-hosted customer segmentation, as a Python library."""
