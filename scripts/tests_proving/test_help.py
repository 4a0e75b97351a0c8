"""Every command tells how it is used, with an example."""

import pytest

from proving.__main__ import COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(run, capsys, command):
    with pytest.raises(SystemExit) as ended:
        run(command, "--help")
    assert ended.value.code == 0
    assert f"\n  scripts/cascade {command} " in capsys.readouterr().out
