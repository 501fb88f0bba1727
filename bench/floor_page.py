"""What a browser is shown at the floor."""

from bench.floor import page

page()
