"""Figures about events and channels: overview, trend, attribution, overlap, insights."""
