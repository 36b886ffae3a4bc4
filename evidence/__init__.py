"""The judicial evidence folder: pieces gathered, numbered and fingerprinted, with the papers that present them."""
