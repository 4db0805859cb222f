"""Which rows of a table are equal: how corners become vertices."""

import numpy as np


def distinct_rows(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n, k) of a 4-byte type -> the first row of each kind (m,), and for each row its kind (n,): rows[first][kind]
    == rows.

    Rows are equal when their bits are, but -0 and 0 are one."""
    words = np.ascontiguousarray(rows + rows.dtype.type(0)).view(np.uint32)
    order = np.lexsort(words.T)
    new = np.ones(len(order), dtype=bool)
    new[1:] = (words[order[1:]] != words[order[:-1]]).any(1)
    kind = np.zeros(len(order), dtype=np.int64)
    kind[order] = np.cumsum(new) - 1
    return order[new], kind
