"""No open file is left behind; memory is judged by `make soak`, which takes long enough."""

from tests.torture.soak import Sample, for_minutes, judged


def test_load_and_refresh_leave_no_open_files():
    assert [each for each in for_minutes(0.3) if "files" in each] == []


def test_what_grows_is_told():
    grows = [Sample(6 * each, 100 + each, 10 + each) for each in range(20)]
    assert [each.split()[0] for each in judged(grows)] == ["memory", "13"]
    flat = [Sample(6 * each, 100, 10) for each in range(20)]
    assert judged(flat) == []
