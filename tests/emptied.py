"""A migrated PostgreSQL database that every test finds empty, and whose connections stay warm.

Made anew for each test, a database costs a tenth of a second, and each new connection plans its first
statements from cold catalogues. Emptied instead, it keeps both. The same goes for its copies (tests.remembered):
they are rows of tables beside its own.
"""

import itertools

from sqlalchemy import create_engine, text

from db.engine import Database
from db.migrate import upgrade

# What migrations write is the first copy. Rows are deleted, as truncating takes a hundred times longer; without
# triggers, as the audit trail refuses it. The statements stand there table by table, so that their plans are kept.
_PREPARE = """
create schema aside;
create table aside.copies (copy int primary key, names text[]);
create table aside.sequences (copy int, name regclass, last bigint);
{kept}
create function aside.keep(this_copy int) returns void language plpgsql as $$
declare
    filled text[] = '{{}}';
begin
    {keep}
    insert into aside.copies values (this_copy, filled);
    insert into aside.sequences select this_copy, format('%I.%I', schemaname, sequencename)::regclass, last_value
        from pg_sequences where schemaname = 'public' and last_value is not null;
end
$$;
create function aside.put_back(this_copy int) returns void language plpgsql as $$
declare
    filled text[] = (select names from aside.copies where copy = this_copy);
    watched text;
begin
    for watched in select distinct tgrelid::regclass from pg_trigger where tgenabled = 'D' loop
        execute format('alter table %s enable trigger user', watched);
    end loop;
    {put_back}
    perform setval(format('%I.%I', schemaname, sequencename), start_value, false)
        from pg_sequences where schemaname = 'public' and last_value is not null;
    perform setval(sequences.name, last) from aside.sequences where copy = this_copy;
end
$$;
create function aside.forget(this_copy int) returns void language plpgsql as $$
begin
    {forget}
    delete from aside.sequences where copy = this_copy;
    delete from aside.copies where copy = this_copy;
end
$$;
"""
_KEPT = "create table aside.{0} (copy int, kept public.{0}); create index on aside.{0} (copy);"
_KEEP = """if exists (select from public.{0}) then
    insert into aside.{0} select this_copy, one from public.{0} one;
    filled = filled || '{0}'::text;
end if;"""
_PUT_BACK = """if exists (select from public.{0}) then delete from public.{0}; end if;
if '{0}' = any(filled) then
    insert into public.{0} select (kept).* from aside.{0} where copy = this_copy;
end if;"""
_FORGET = "delete from aside.{0} where copy = this_copy;"
_CUT_OFF = (
    "select pg_terminate_backend(pid) from pg_stat_activity "
    "where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'aside'"
)


# To set the role of a session forgets its plans: a connection of its own has it always.
_ASIDE = {"application_name": "aside", "options": "-c session_replication_role=replica"}


class Emptied:
    """The standing database of one process of tests, and its copies."""

    def __init__(self, address: str) -> None:
        self.database = Database(address)
        self._aside = create_engine(address, connect_args=_ASIDE, isolation_level="AUTOCOMMIT")
        upgrade(self.database)
        with self.database.engine.begin() as connection:
            tables = connection.scalars(text("select tablename from pg_tables where schemaname = 'public'")).all()
            parts = {"kept": _KEPT, "keep": _KEEP, "put_back": _PUT_BACK, "forget": _FORGET}
            written = {part: "\n".join(each.format(f'"{one}"') for one in tables) for part, each in parts.items()}
            connection.execute(text(_PREPARE.format(**written)))
        self._numbers = itertools.count()
        self._empty = self.keep()

    def empty(self) -> None:
        """Leaves no row, and no connection but its own: what a test before left running is cut off."""
        with self.database.engine.begin() as connection:
            connection.execute(text(_CUT_OFF))
        self.put_back(self._empty)

    def keep(self) -> int:
        """The number of a copy of every row, and of what the sequences have given out."""
        copy = next(self._numbers)
        self._do("keep", copy)
        return copy

    def put_back(self, copy: int) -> None:
        """The rows are those of the copy."""
        self._do("put_back", copy)

    def forget(self, copy: int) -> None:
        """The copy is gone."""
        self._do("forget", copy)

    def close(self) -> None:
        """Gives back every connection."""
        self.database.close()
        self._aside.dispose()

    def _do(self, what: str, copy: int) -> None:
        with self._aside.connect() as connection:
            connection.execute(text(f"select aside.{what}(:copy)"), {"copy": copy})
