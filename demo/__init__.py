"""The demonstration: everything Relance needs, started by name; a portfolio played at a day per second."""
