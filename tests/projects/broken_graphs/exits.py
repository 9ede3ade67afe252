import sys

sys.exit("set API_KEY first")
