"""The plots as a component that keeps its drawings and updates them."""
