"""The JSON door: the contract's objects over HTTP, with an OpenAPI document. No health logic."""
