import time

from quick import graph

time.sleep(1)
