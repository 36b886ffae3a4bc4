"""A whole book of real invoices played at accelerated time, and held against its file to the cent."""
