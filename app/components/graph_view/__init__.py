"""The computational graph on the screen: networkx to pyvis to a component of our own."""
