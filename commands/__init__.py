"""The commands of starter.py, one module per subject: arguments in, printed answer out."""
