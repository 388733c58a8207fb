"""Breaks each rule of check_rooms.py once, in a small tree, and checks that it is detected."""

import pathlib
import tempfile
import unittest

import check_rooms


class Rooms(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("lib/src/base/view.hpp", "")
        self.write("lib/src/operations/relu.cpp", '#include "nst/relu.hpp"\n#include "base/view.hpp"\n')
        self.write("lib/include/nst/relu.hpp", '#include "nst/tensor.hpp"\n')
        self.write("lib/include/nst/tensor.hpp", "")
        self.write("lib/tools/nst.cpp", '#include "nst/relu.hpp"\n#include "bar.hpp"\n')
        self.write("tests/unit/base/view_test.cpp", "")
        self.write("tests/unit/operations/relu_test.cpp", "")

    def write(self, name, text):
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def expect(self, *problems):
        self.assertEqual(list(check_rooms.check(self.root)), list(problems))

    def test_a_good_tree(self):
        self.expect()

    def test_a_private_header_of_a_higher_room(self):
        self.write("lib/src/base/view.hpp", '#include "operations/kernels.hpp"\n')
        self.expect("lib/src/base/view.hpp: room base includes operations/kernels.hpp of room "
                    "operations")

    def test_a_public_header_of_a_higher_room(self):
        self.write("lib/src/base/view.cpp", '#include "nst/relu.hpp"\n')
        self.expect("lib/src/base/view.cpp: room base includes nst/relu.hpp of room operations")

    def test_a_public_header_that_includes_upward(self):
        self.write("lib/src/engine/objective.cpp", "")
        self.write("lib/include/nst/objective.hpp", "")
        self.write("tests/unit/engine/objective_test.cpp", "")
        self.write("lib/include/nst/relu.hpp", '#include "nst/objective.hpp"\n')
        self.expect("lib/include/nst/relu.hpp: room operations includes nst/objective.hpp of room "
                    "engine")

    def test_a_room_that_is_not_in_the_table(self):
        self.write("lib/src/attic/old.cpp", "")
        self.write("tests/unit/attic/old_test.cpp", "")
        self.expect("lib/src/attic: is no room that ROOMS knows")

    def test_a_private_header_in_the_command(self):
        self.write("lib/tools/nst.cpp", '#include "base/view.hpp"\n')
        self.expect("lib/tools/nst.cpp: includes base/view.hpp, a private header of the library")

    def test_a_room_without_tests_and_tests_without_a_room(self):
        (self.root / "tests/unit/base/view_test.cpp").rename(self.root / "tests/unit/a_test.cpp")
        (self.root / "tests/unit/cellar").mkdir()
        self.expect("tests/unit/base: has no test of room base",
                    "tests/unit/cellar: is no room of lib/src")

    def test_a_table_that_runs_upward(self):
        rooms = dict(check_rooms.ROOMS, base=["transfer"])
        original, check_rooms.ROOMS = check_rooms.ROOMS, rooms
        self.addCleanup(setattr, check_rooms, "ROOMS", original)
        self.expect("ROOMS: base includes transfer, which is not below it")


if __name__ == "__main__":
    unittest.main()
