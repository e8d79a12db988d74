"""The ground for the record: `./run test` brings a real PostgreSQL that starts, keeps what it was told, and stops."""

from __future__ import annotations

import tempfile
from pathlib import Path

import psycopg
import pytest

from tests.postgres import server


@pytest.mark.postgres
def test_a_real_postgresql_keeps_a_row_over_connections() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with server(Path(folder) / "pg") as address:
            with psycopg.connect(address) as first:
                first.execute("create table kept (amount numeric not null)")
                first.execute("insert into kept values ('0.10')")
            with psycopg.connect(address) as second:
                (amount,) = second.execute("select amount from kept").fetchone() or (None,)
    assert str(amount) == "0.10", "exact decimals stay exact"
