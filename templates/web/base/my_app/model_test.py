import json
import re
from datetime import datetime
from typing import List

import pytest

from .doubles import Kept
from .model import Tasks


def test_a_task_is_kept_as_json_under_its_uid() -> None:
    kept = Kept()
    task = Tasks(kept).create("report")
    assert re.fullmatch("[0-9a-f]{64}", task.uid)
    stored = json.loads(kept.texts[task.uid])
    assert stored == {
        "uid": task.uid,
        "type": "report",
        "start": task.start,
        "duration": task.duration,
        "end": task.end,
    }
    assert Tasks(kept).get(task.uid) == task


def test_its_times_are_those_of_the_work() -> None:
    seen: List[str] = []
    task = Tasks(Kept(), work=seen.append).create("report")
    assert seen == ["report"]
    passed = datetime.fromisoformat(task.end) - datetime.fromisoformat(task.start)
    assert passed.total_seconds() == task.duration >= 0


def test_work_that_fails_leaves_no_task() -> None:
    def fail(kind: str) -> None:
        raise RuntimeError(kind)

    kept = Kept()
    with pytest.raises(RuntimeError):
        Tasks(kept, work=fail).create("report")
    assert not kept.texts


@pytest.mark.parametrize("kind", [None, 7, "", "  ", "x" * 101])
def test_what_is_no_type_is_refused(kind: object) -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        Tasks(Kept()).create(kind)


def test_an_unknown_uid_is_nothing() -> None:
    assert Tasks(Kept()).get("nonsense") is None
