"""The staff's desk at /staff/: pages in, pages out; every page says who may open it."""
