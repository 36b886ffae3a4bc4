"""What the bank says: statements read, matched with the book, and said to the cases as payments or as proposals."""
