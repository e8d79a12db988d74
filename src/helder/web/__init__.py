"""The browser door: pages in every language and country, from what `helder.app` answers. No health logic."""
