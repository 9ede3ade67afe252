def connect(url):
    raise ConnectionError(f"no database at {url}")


graph = connect("sqlite://nowhere")
