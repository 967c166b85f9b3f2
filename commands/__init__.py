"""The roof (屋顶): one module per command; each imports only what it needs."""
