"""EN 16931 invoices, as UBL, as CII or inside a Factur-X PDF, read into what a case starts from. Pure."""
