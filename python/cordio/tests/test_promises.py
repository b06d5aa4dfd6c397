"""What docs/reference/seed-003.md names of cordio is there."""

import importlib
import re
import unittest
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "seed-003.md"


@unittest.skipUnless(PAGE.is_file(), "the page is elsewhere")
class Promises(unittest.TestCase):
    def test_each_name_is_there(self):
        names = sorted(set(re.findall(r"`(cordio(?:\.\w+)+)`", PAGE.read_text("utf-8"))))
        self.assertGreater(len(names), 60)
        for name in names:
            with self.subTest(name=name):
                found = importlib.import_module("cordio")
                for part in name.split(".")[1:]:
                    try:
                        found = getattr(found, part)
                    except AttributeError:
                        found = importlib.import_module(f"{found.__name__}.{part}")


if __name__ == "__main__":
    unittest.main()
