"""How the names of files end that can be chosen: a reader knows them by what is in them."""

TEXTS = (".csv", ".tsv", ".txt", ".dat", ".json", ".jsonl", ".md")
PROSE = (".txt", ".md")
WEIGHTS = (".npz", ".safetensors")
CONVERTED = (".pt", ".pth", ".ckpt", ".keras", ".h5", ".onnx", ".mat", ".npy", ".pkl", ".msgpack")
"""Those of weights that are not opened, but answered with the line that converts them."""
