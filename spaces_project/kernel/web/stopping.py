"""This process is about to end: whoever waits for news waits no longer."""

import threading
from typing import Final

stopping: Final = threading.Event()
