"""What is drawn where: a folder for each page, what pages share, and what surrounds them."""
