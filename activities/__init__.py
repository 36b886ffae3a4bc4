"""Activities act: methods of small classes, their dependencies injected in worker.py."""
