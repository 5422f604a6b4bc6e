"""The process that reads documents for another one; see `apart`."""

import sys

from assistant.documents.apart import serve

if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
