"""Files from outside → pages of words: the edge where bytes, processes and the OCR engine live."""
