"""What billing systems speak, made into invoices, or refusals that name file, line, field and reason."""
