"""The day plan: when to take what, in the smallest number of moments that keeps every hour apart."""
