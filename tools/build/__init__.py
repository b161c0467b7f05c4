"""The book, the site, the PDF, the downloads."""
