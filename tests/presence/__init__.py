"""Who is connected, who is put out, and what is due later."""
