"""One print: an order as JSON on standard input, the PDF on standard output; complaints and status 1 otherwise.

Run by path, not as a module, so that neither Flask nor the rest of the house is imported: start-up is what a small
paper costs. The data reaches the template as a JSON string (`sys.inputs.data`), never as template source; files
outside the templates' folder cannot be read. What comes out can be archived and read aloud (PDF/A-2a, PDF/UA-1); both
standards also refuse a letter without a glyph.
"""

import json
import sys

import typst


def main() -> int:
    """Print the order on standard input; returns the exit status."""
    order = json.load(sys.stdin.buffer)
    _limit(order["megabytes"])
    try:
        pdf, warnings = _compiler(order).compile_with_warnings(
            format="pdf", sys_inputs={"data": order["data"]}, timestamp=0, pdf_standards=["a-2a", "ua-1"]
        )
    except typst.TypstError as error:
        return _complain([error])
    if warnings:
        return _complain(warnings)
    assert isinstance(pdf, bytes), "one document was asked for"
    sys.stdout.buffer.write(pdf)
    return 0


def _compiler(order: dict[str, str]) -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[order["fonts"]])
    return typst.Compiler(
        input=f"{order['templates']}/{order['template']}",
        root=order["templates"],
        font_paths=fonts,
        ignore_system_fonts=True,
    )


def _limit(megabytes: int) -> None:
    """A ceiling of memory: a print that runs away fails alone, instead of taking the machine with it."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def _complain(faults: list[typst.TypstWarning] | list[typst.TypstError]) -> int:
    for fault in faults:
        sys.stderr.write(f"{fault.diagnostic or fault.message}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
