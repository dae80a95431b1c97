"""Reads a chunk knowing nothing but docs/formats/run.md: prints a line of JSON for each row whose check holds."""

import json
import struct
import sys


def crc32c(data, crc=0xFFFFFFFF):
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


class Column:
    def __init__(self, data, kind, buffers, is_column):
        self.data, self.format, self.is_column = data, kind["format"], is_column

        def take():
            return next(buffers)[0]

        if self.format == "n":
            self.children = []
            return
        self.validity = take()
        self.nullable = kind.get("nullable", False)
        self.offsets = take() if self.format in ("U", "Z", "+L") else 0
        self.values = take() if self.format in ("U", "Z") or not self.format.startswith("+") else 0
        self.children = [Column(data, child, buffers, False) for child in kind.get("children", [])]
        self.names = [child["name"] for child in kind.get("children", [])]

    def at(self, code, offset, index):
        return struct.unpack_from("<" + code, self.data, offset + index * struct.calcsize(code))[0]

    def valid(self, row):
        return self.format != "n" and self.data[self.validity + row // 8] >> row % 8 & 1

    def cell(self, row):
        """The value, and the bytes that the row's check covers."""
        if self.format == "n":
            return None, b""
        if self.format == "b":
            bit = self.data[self.values + row // 8] >> row % 8 & 1
            return bool(bit), struct.pack("<Q" if self.is_column else "<B", bit)
        if self.format == "+s":
            cells = [child.cell(row) for child in self.children]
            return dict(zip(self.names, (c[0] for c in cells), strict=True)), b"".join(c[1] for c in cells)
        if self.format == "+w:2":
            cells = [self.children[0].cell(2 * row + i) for i in range(2)]
            return [c[0] for c in cells], b"".join(c[1] for c in cells)
        if self.offsets:
            start, end = self.at("q", self.offsets, row), self.at("q", self.offsets, row + 1)
            assert 0 <= start <= end
            size = struct.pack("<Q", end - start)
            if self.format == "+L":
                child = self.children[0]
                cells = [child.cell(i) for i in range(start, end)]
                there = [child.valid(i) if child.nullable else 1 for i in range(start, end)]
                size += bytes(there) if child.nullable else b""
                values = [c[0] if is_there else None for c, is_there in zip(cells, there, strict=True)]
                return values, size + b"".join(c[1] for c in cells)
            raw = self.data[self.values + start : self.values + end]
            return raw.decode() if self.format == "U" else list(raw), size + raw
        code = {"c": "b", "s": "h", "i": "i", "l": "q", "C": "B", "S": "H", "I": "I", "L": "Q", "f": "f", "g": "d"}
        code = code.get(self.format, "q")
        value = self.at(code, self.values, row)
        return value, struct.pack("<" + code, value)


def read(path):
    data = open(path, "rb").read()
    magic, version, size, run, first, capacity, _, _, check = struct.unpack_from("<8sII16sQQQII", data)
    assert (
        magic == b"WSCHUNK\0"
        and version in (1, 2)
        and crc32c(data[128 : 128 + size], crc32c(data[:60]) ^ 0xFFFFFFFF) == check
    )
    description = json.loads(data[128 : 128 + size])
    columns = [Column(data, c, iter(c["buffers"]), True) for c in description["columns"]]
    for row in range(capacity):
        words = bytearray(8 * ((len(columns) + 63) // 64))
        for i, column in enumerate(columns):
            words[i // 8] |= (1 if column.valid(row) else 0) << i % 8
        try:
            cells = [column.cell(row) for column in columns]
        except (AssertionError, struct.error, UnicodeDecodeError):
            return
        bytes_checked = run + struct.pack("<Q", first + row) + words + b"".join(c[1] for c in cells)
        if crc32c(bytes_checked) != struct.unpack_from("<I", data, description["checks"][0] + 4 * row)[0]:
            return
        yield {c["name"]: cells[i][0] if columns[i].valid(row) else None for i, c in enumerate(description["columns"])}


if __name__ == "__main__":
    for line in read(sys.argv[1]):
        print(json.dumps(line))
