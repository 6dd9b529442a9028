"""The application as servers and the `flask` command find it."""

import gc

gc.disable()  # what is loaded here stays: the collector would look through it again and again, for nothing

from inventory import create_app  # noqa: E402

app = create_app()
gc.freeze()  # nor need it later; and processes that are forked from this one leave the memory they share untouched
gc.enable()
