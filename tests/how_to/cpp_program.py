"""The C++ blocks of the pages of docs/how-to as one program: a function a page, its blocks in order.

A block stands in the body of a function, after those before it. Errors of the compiler point into the page.
"""

import re
from pathlib import Path

BLOCK = re.compile(r"^```cpp\n(.*?)^```$", re.DOTALL | re.MULTILINE)
HEAD = """#include <atomic>
#include <cassert>
#include <cmath>
#include <csignal>
#include <chrono>
#include <thread>
#include <wheatstone/wheatstone.hpp>

namespace ws = wheatstone;
using namespace std::chrono_literals;
"""


def function_of(page: Path) -> str | None:
    """The function of a page; none where it has no C++."""
    text = page.read_text(encoding="utf-8")
    blocks = [f'#line {text.count(chr(10), 0, b.start(1)) + 1} "{page}"\n{b.group(1)}' for b in BLOCK.finditer(text)]
    if not blocks:
        return None
    return f"void {page.stem}() {{\n{''.join(blocks)}}}\n"


def program_of(pages: list[Path]) -> str:
    functions = {page.stem: function_of(page) for page in pages}
    calls = "".join(f"  {name}();\n" for name, function in functions.items() if function)
    return HEAD + "".join(f for f in functions.values() if f) + f"int main() {{\n{calls}}}\n"
