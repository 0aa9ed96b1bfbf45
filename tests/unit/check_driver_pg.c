/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: server */
/* The driver for PostgreSQL: what it promises of statements and transactions,
 * and who is not let in. */
#define DB "driver_pg"
#include "cmd/pg/server.h"
#include "core/store/migrate.h"
#include "crypto/hash.h"
#include "tests/unit/pg_fixture.h"

START_TEST(migrations_are_what_the_administrator_made)
{
    unsigned version = 0;

    ck_ok(mk_migrate(d, false, &version, &diag));
    ck_assert_uint_eq(version, mk_migrate_newest());
}
END_TEST

/* SHA-256 over the catalogue as the driver gets it: values of bytes. */
static void hash_catalogue(PGconn *c, char hex[static 2 * MK_HASH + 1])
{
    const char *catalogue = mk_server_sql(MK_SERVER_CATALOGUE);
    struct mk_sha256 *h = mk_sha256_new();
    PGresult *r = PQexecParams(c, catalogue, 0, NULL, NULL, NULL, NULL, 1);
    uint8_t hash[MK_HASH], front[5] = {MK_SQL_BLOB};

    ck_assert_int_eq(PQresultStatus(r), PGRES_TUPLES_OK);
    for (int i = 0; i < PQntuples(r); i++) {
        size_t n = (size_t)PQgetlength(r, i, 0);

        mk_put_u32(front + 1, (uint32_t)n);
        mk_sha256_add(h, front, sizeof(front));
        mk_sha256_add(h, PQgetvalue(r, i, 0), n);
    }
    mk_sha256_take(h, hash);
    mk_sha256_free(h);
    mk_hex(hex, hash, MK_HASH);
    PQclear(r);
}

/* Says what to write into schema/postgres.def for a new migration. */
START_TEST(catalogue_hash_list_fits_the_schema_texts)
{
    static const char *const listed[] = {
#define MK_SCHEMA_HASH(version, hex) hex,
#include "core/store/schema/postgres.def"
#undef MK_SCHEMA_HASH
    };
    char hex[2 * MK_HASH + 1];
    PGconn *c;

    ck_assert_uint_eq(sizeof(listed) / sizeof(*listed), mk_migrate_newest());
    server_sql(DB, "DROP SCHEMA meldkluis CASCADE; CREATE SCHEMA meldkluis");
    c = server_connect(DB);
    for (unsigned n = 1; n <= mk_migrate_newest(); n++) {
        PQclear(PQexec(c, mk_migrate_text(n)));
        hash_catalogue(c, hex);
        ck_assert_str_eq(hex, listed[n - 1]);
    }
    PQfinish(c);
}
END_TEST

/* ---- statements ---- */

START_TEST(what_was_committed_is_there_and_nothing_else)
{
    begin(true);
    ck_ok(add_log(0, "one"));
    commit();
    begin(true);
    ck_ok(add_log(1, "two"));
    d->ops->rollback(d);
    ck_assert(!mk_driver_inside(d));
    begin(false);
    ck_assert_uint_eq(walk_log(10), 1);
    commit();
}
END_TEST

START_TEST(walk_of_many_rows_is_read_bit_by_bit_beside_others)
{
    begin(true);
    for (uint64_t i = 0; i < 700; i++)
        ck_ok(add_log(i, "a leaf of some bytes"));
    ck_assert_uint_eq(walk_log(5000), 700);
    commit();
    begin(false);
    ck_assert_uint_eq(walk_log(40), 40); /* left in the middle */
    ck_assert_uint_eq(walk_log(5000), 700);
    commit();
}
END_TEST

START_TEST(batch_of_large_rows_is_given_in_parts)
{
    static uint8_t large[200000];
    struct mk_sql_value row[] = {mk_sql_u64(0),
                                 mk_sql_blob(large, sizeof(large))};

    begin(true);
    for (; row[0].u < 14; row[0].u++)
        ck_ok(run(MK_Q_LOG_INSERT, row, 2));
    ck_assert_uint_eq(walk_log(7), 7); /* left in the middle of a part */
    ck_assert_uint_eq(walk_log(100), 14);
    commit();
}
END_TEST

START_TEST(large_and_empty_values_come_back)
{
    static uint8_t large[300000];
    const struct mk_sql_value none = mk_sql_blob(NULL, 0);
    const struct mk_sql_value one = mk_sql_u64(1);
    const struct mk_sql_value dossier[] = {
        mk_sql_u64(0), text("an id of 16 byte"),
        one,           one,
        one,           one,
        none,          none,
        none,          none,
        one,           text("")};
    const struct mk_sql_value small[] = {mk_sql_u64(0), one, text(""), none};
    const struct mk_sql_value big[] = {mk_sql_u64(0), mk_sql_u64(INT64_MAX),
                                       mk_sql_blob(large, sizeof(large)),
                                       text("x")};
    struct mk_sql_value got;
    bool more;

    memset(large, 0xe7, sizeof(large));
    begin(true);
    ck_ok(run(MK_Q_DOSSIER_INSERT, dossier, 12));
    ck_ok(run(MK_Q_ENTRY_INSERT, small, 4));
    ck_ok(run(MK_Q_ENTRY_INSERT, big, 4));
    ck_ok(d->ops->run(d, MK_Q_ENTRY_WALK_ALL, NULL, 0, &diag));
    ck_ok(d->ops->step(d, MK_Q_ENTRY_WALK_ALL, &more, NULL, &diag));
    ck_assert(d->ops->column(d, MK_Q_ENTRY_WALK_ALL, 2, &got));
    ck_assert(got.type == MK_SQL_BLOB && got.n == 0 && got.p);
    ck_assert(d->ops->column(d, MK_Q_ENTRY_WALK_ALL, 3, &got));
    ck_assert(got.type == MK_SQL_NULL);
    ck_ok(d->ops->step(d, MK_Q_ENTRY_WALK_ALL, &more, NULL, &diag));
    ck_assert(d->ops->column(d, MK_Q_ENTRY_WALK_ALL, 1, &got));
    ck_assert_uint_eq(got.u, INT64_MAX);
    ck_assert(d->ops->column(d, MK_Q_ENTRY_WALK_ALL, 2, &got));
    ck_assert_uint_eq(got.n, sizeof(large));
    ck_assert_mem_eq(got.p, large, sizeof(large));
    commit();
}
END_TEST

START_TEST(refused_statement_breaks_its_transaction_and_holds_nobody_up)
{
    struct mk_driver *mine = d;
    pid_t first = helper;

    begin(true);
    ck_ok(add_log(0, "one"));
    ck_refused(add_log(0, "again"), MK_E_EXISTS);
    ck_assert(mk_driver_inside(d));
    ck_refused(add_log(1, "late"), MK_E_EXISTS);
    ck_ok(open_driver("wisser", ""));
    ck_ok(d->ops->begin(d, true, false, &diag));
    ck_ok(add_log(0, "mine"));
    commit();
    tear_down_one();
    d = mine;
    helper = first;
    ck_refused(add_log(1, "late"), MK_E_EXISTS);
    ck_refused(d->ops->commit(d, &diag), MK_E_EXISTS);
    begin(false);
    ck_assert_uint_eq(walk_log(10), 1);
    commit();
}
END_TEST

START_TEST(second_writer_is_told_that_the_vault_is_busy)
{
    struct mk_driver *mine = d;
    pid_t first = helper;

    begin(true);
    ck_ok(open_driver("wisser", ""));
    ck_refused(d->ops->begin(d, true, false, &diag), MK_E_BUSY);
    ck_ok(d->ops->begin(d, false, false, &diag)); /* readers never wait */
    tear_down_one();
    d = mine;
    helper = first;
    commit();
}
END_TEST

START_TEST(number_that_a_column_cannot_hold_is_refused_or_not_found)
{
    const struct mk_sql_value far = mk_sql_u64(UINT64_C(1) << 40);

    begin(true);
    ck_ok(run(MK_Q_DOSSIER_LOAD, &far, 1));
    ck_refused(add_log(UINT64_C(1) << 40, "far"), MK_E_TOO_LARGE);
}
END_TEST

START_TEST(column_in_the_shell_comes_back_and_is_not_on_the_server)
{
    static const uint8_t id[MK_ID] = {1}, sig[MK_SIG] = {2};
    uint8_t body[296];
    const struct mk_sql_value row[] = {mk_sql_u64(1), mk_sql_blob(id, MK_ID),
                                       mk_sql_blob(body, sizeof(body)),
                                       mk_sql_blob(sig, MK_SIG)};
    struct mk_sql_value got;
    PGconn *c = server_connect(DB);
    PGresult *r;
    bool more;

    memset(body, 'h', sizeof(body));
    begin(true);
    ck_ok(run(MK_Q_HEAD_INSERT, row, 4));
    ck_ok(d->ops->run(d, MK_Q_HEAD_NEWEST, NULL, 0, &diag));
    ck_ok(d->ops->step(d, MK_Q_HEAD_NEWEST, &more, NULL, &diag));
    ck_assert(d->ops->column(d, MK_Q_HEAD_NEWEST, 2, &got));
    ck_assert_uint_eq(got.n, sizeof(body));
    ck_assert_mem_eq(got.p, body, sizeof(body));
    d->ops->finish(d, MK_Q_HEAD_NEWEST);
    commit();
    r = PQexecParams(c, "SELECT body FROM head", 0, NULL, NULL, NULL, NULL, 1);
    ck_assert_int_eq(PQntuples(r), 1);
    ck_assert_ptr_null(
        memmem(PQgetvalue(r, 0, 0), (size_t)PQgetlength(r, 0, 0), "hhhh", 4));
    PQclear(r);
    PQfinish(c);
    server_sql(DB, "UPDATE head SET body = set_byte(body, 90,"
                   " (get_byte(body, 90) + 1) % 256)");
    begin(false);
    ck_ok(d->ops->run(d, MK_Q_HEAD_NEWEST, NULL, 0, &diag));
    ck_refused(d->ops->step(d, MK_Q_HEAD_NEWEST, &more, NULL, &diag),
               MK_E_TAMPERED);
    d->ops->rollback(d);
}
END_TEST

START_TEST(without_its_key_nothing_of_the_shell_is_asked_or_said)
{
    tear_down_one();
    ck_ok(open_driver("wisser", ""));
    begin(false);
    ck_refused(d->ops->run(d, MK_Q_HEAD_NEWEST, NULL, 0, &diag), MK_E_LOCKED);
    ck_assert(mk_driver_inside(d));
    commit();
}
END_TEST

START_TEST(state_and_check_are_told)
{
    struct mk_store_facts facts = {.schema = 0};

    ck_ok(d->ops->facts(d, &facts, &diag));
    ck_assert_int_eq(strncmp(facts.engine, "PostgreSQL ", 11), 0);
    ck_assert_ptr_nonnull(strstr(facts.settings, "tls=off"));
    begin(false);
    ck_ok(d->ops->check(d, &diag));
    commit();
}
END_TEST

/* ---- who is not let in ---- */

static void refused_with(const char *role, const char *more, enum mk_err err)
{
    ck_refused(open_driver(role, more), err);
    ck_assert_int_eq(waitpid(helper, NULL, 0), helper);
}

#define said(words) ck_assert_ptr_nonnull(strstr(diag.said, words))

START_TEST(server_that_is_not_there_or_refuses_is_told_apart)
{
    tear_down_one();
    refused_with("wisser", "&port=1", MK_E_SERVER);
    said("No such file or directory");
    refused_with("nobody_at_all", "", MK_E_SERVER_DENIED);
    said(": refuses this account (28000)");
    refused_with("wisser", "&service=elsewhere", MK_E_SERVER_ADDRESS);
    ck_assert_str_eq(diag.place, "service");
    refused_with("wisser", "&port=x", MK_E_SERVER_ADDRESS);
    refused_with("wisser", "&sslmode=x", MK_E_SERVER_ADDRESS);
    said("sslmode");
    refused_with("wisser", "&options=-cfsync%3Doff", MK_E_SERVER_KEYWORD);
    refused_with("wisser", "&schema=elsewhere", MK_E_SERVER_NO_SCHEMA);
    ck_assert_str_eq(diag.place, "elsewhere");
    refused_with("wisser", "&dbname=elsewhere", MK_E_SERVER_DATABASE);
    ck_assert_str_eq(diag.place, "elsewhere");
    server_sql(DB, "REVOKE USAGE ON SCHEMA meldkluis FROM meldkluis_gebruik");
    ck_refused(open_driver("wisser", ""), MK_E_SERVER_DENIED);
    ck_assert_str_eq(diag.place, "meldkluis");
}
END_TEST

/* Each host is named with its own reason, and who refuses the account counts
 * before who is not there. */
START_TEST(each_host_has_its_reason)
{
    char more[256];

    tear_down_one();
    refused_with("wisser", "&host=/nowhere,/nobody", MK_E_SERVER);
    ck_assert_str_eq(diag.place, "/nowhere, /nobody");
    said("/nowhere: ");
    said("; /nobody: ");
    (void)snprintf(more, sizeof(more), "&host=%s,/nobody",
                   getenv("MK_PG_RUN"));
    refused_with("nobody_at_all", more, MK_E_SERVER_DENIED);
    ck_assert_str_eq(diag.place, getenv("MK_PG_RUN"));
    said("; /nobody: ");
}
END_TEST

START_TEST(server_that_has_no_room_is_not_one_that_is_not_there)
{
    tear_down_one();
    server_sql("postgres", "ALTER DATABASE " DB " CONNECTION LIMIT 0");
    refused_with("wisser", "", MK_E_SERVER_FULL);
    said(": has too many connections (53300)");
    server_sql("postgres", "ALTER DATABASE " DB " CONNECTION LIMIT -1");
    ck_ok(open_driver("wisser", ""));
}
END_TEST

START_TEST(nobody_who_takes_writes_is_told)
{
    tear_down_one();
    server_sql("postgres",
               "ALTER DATABASE " DB " SET default_transaction_read_only = on");
    refused_with("wisser", "", MK_E_SERVER_STANDBY);
    said(": takes no writes");
    server_sql("postgres",
               "ALTER DATABASE " DB " RESET default_transaction_read_only");
    ck_ok(open_driver("wisser", ""));
}
END_TEST

START_TEST(who_may_not_erase_is_told_what_that_takes)
{
    const struct mk_sql_value one = mk_sql_u64(1);
    const struct mk_sql_value row[] = {mk_sql_u64(0), text("one")};
    const struct mk_sql_value bury[] = {
        mk_sql_u64(0), text("0123456789abcdef"), mk_sql_u64(1)};

    tear_down_one();
    ck_ok(open_driver("inspecteur", ""));
    begin(true);
    ck_refused(run(MK_Q_ENTRIES_DELETE, &one, 1), MK_E_SERVER_ERASE);
    d->ops->rollback(d);
    begin(true);
    ck_ok(d->ops->put(d, MK_Q_DOSSIER_BURY, bury, 3, MK_E_CHANGED, &diag));
    ck_refused(d->ops->commit(d, &diag), MK_E_SERVER_ERASE);
    server_sql(DB, "REVOKE INSERT ON meldkluis.log FROM meldkluis_gebruik");
    begin(true);
    ck_refused(run(MK_Q_LOG_INSERT, row, 2), MK_E_SERVER_DENIED);
}
END_TEST

START_TEST(table_that_is_missing_or_changed_is_noticed)
{
    unsigned version;

    server_sql(DB, "ALTER TABLE log ADD extra int");
    ck_refused(mk_migrate(d, false, &version, &diag), MK_E_TAMPERED);
    server_sql(DB, "ALTER TABLE log DROP extra; CREATE FUNCTION f() RETURNS"
                   " trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
                   " CREATE TRIGGER t BEFORE INSERT ON log FOR EACH ROW"
                   " EXECUTE FUNCTION f()");
    ck_refused(mk_migrate(d, false, &version, &diag), MK_E_TAMPERED);
    server_sql(DB, "DELETE FROM migration WHERE version > 1");
    ck_refused(mk_migrate(d, false, &version, &diag), MK_E_TAMPERED);
    server_sql(DB, "DROP TABLE migration");
    ck_refused(mk_migrate(d, false, &version, &diag), MK_E_SERVER_SCHEMA);
}
END_TEST

/* An index runs what its author wrote, in the session of who inserts. */
START_TEST(index_that_the_script_did_not_make_is_noticed)
{
    static const char *const indexes[] = {
        "CREATE INDEX evil ON head (evil(sig))",
        "CREATE INDEX evil ON head (sig) WHERE length(evil(sig)) > 0",
        "CREATE OPERATOR CLASS evil FOR TYPE bytea USING btree AS"
        " FUNCTION 1 byteacmp(bytea, bytea);"
        " CREATE INDEX evil ON head (sig evil)",
        "CREATE INDEX evil ON dossier (version)",
        "UPDATE pg_index SET indisready = false"
        " WHERE indexrelid = 'head_txid_key'::regclass",
    };
    unsigned version;

    for (size_t i = 0; i < sizeof(indexes) / sizeof(*indexes); i++) {
        server_sql(DB, "CREATE FUNCTION evil(bytea) RETURNS bytea"
                       " LANGUAGE sql IMMUTABLE AS 'SELECT $1'");
        ck_ok(mk_migrate(d, false, &version, &diag));
        server_sql(DB, indexes[i]);
        ck_refused(mk_migrate(d, false, &version, &diag), MK_E_TAMPERED);
        server_sql(DB, "DROP FUNCTION evil(bytea) CASCADE;"
                       " DROP OPERATOR FAMILY IF EXISTS evil USING btree"
                       " CASCADE; DROP INDEX IF EXISTS evil");
    }
}
END_TEST

/* One in the schema of the vault that fits better than PostgreSQL's own. */
START_TEST(function_beside_the_tables_hides_nothing)
{
    unsigned version;

    server_sql(
        DB, "CREATE FUNCTION concat_ws(text, text, name, name) RETURNS SETOF"
            " text LANGUAGE sql AS 'SELECT pg_catalog.concat_ws($1, $2, $3,"
            " $4) WHERE $2 <> ''trigger''';"
            " CREATE FUNCTION concat_ws(text, text, name, text) RETURNS text"
            " LANGUAGE sql AS"
            " 'SELECT pg_catalog.concat_ws($1, $2, $3, $4)'");
    ck_ok(mk_migrate(d, false, &version, &diag));
    server_sql(DB, "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS"
                   " 'BEGIN RETURN NEW; END';"
                   " CREATE TRIGGER t BEFORE INSERT ON log FOR EACH ROW"
                   " EXECUTE FUNCTION f()");
    ck_refused(mk_migrate(d, false, &version, &diag), MK_E_TAMPERED);
}
END_TEST

/* A role may have a search_path in which PostgreSQL's own comes last. */
START_TEST(path_of_the_role_changes_no_setting)
{
    struct mk_store_facts facts = {.schema = 0};

    tear_down_one();
    server_sql(DB,
               "CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO PUBLIC;"
               " CREATE FUNCTION evil.set_config(text, text, boolean) RETURNS"
               " text LANGUAGE sql AS 'SELECT $2';"
               " CREATE FUNCTION evil.current_setting(text) RETURNS text"
               " LANGUAGE sql AS 'SELECT ''on''::text';"
               " CREATE FUNCTION evil.same(text, text) RETURNS boolean"
               " LANGUAGE sql AS 'SELECT false';"
               " CREATE OPERATOR evil.= (FUNCTION = evil.same,"
               " LEFTARG = text, RIGHTARG = text);"
               " ALTER DATABASE " DB " SET search_path = evil, pg_catalog;"
               " ALTER DATABASE " DB " SET synchronous_commit = remote_apply");
    ck_ok(open_driver("wisser", ""));
    ck_ok(d->ops->facts(d, &facts, &diag));
    ck_assert_ptr_nonnull(
        strstr(facts.settings, "synchronous_commit=remote_apply"));
    begin(false);
    ck_ok(d->ops->check(d, &diag)); /* the tables of the vault */
    commit();
    server_sql(DB, "ALTER DATABASE " DB " SET synchronous_commit = off");
    tear_down_one();
    ck_ok(open_driver("wisser", ""));
    ck_ok(d->ops->facts(d, &facts, &diag));
    ck_assert_ptr_nonnull(strstr(facts.settings, "synchronous_commit=on"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        migrations_are_what_the_administrator_made,
        what_was_committed_is_there_and_nothing_else,
        walk_of_many_rows_is_read_bit_by_bit_beside_others,
        refused_statement_breaks_its_transaction_and_holds_nobody_up,
        second_writer_is_told_that_the_vault_is_busy,
        number_that_a_column_cannot_hold_is_refused_or_not_found,
        column_in_the_shell_comes_back_and_is_not_on_the_server,
        without_its_key_nothing_of_the_shell_is_asked_or_said,
        state_and_check_are_told,
        large_and_empty_values_come_back,
        batch_of_large_rows_is_given_in_parts,
    };
    const TTest *const changing[] = {
        catalogue_hash_list_fits_the_schema_texts,
        server_that_is_not_there_or_refuses_is_told_apart,
        each_host_has_its_reason,
        server_that_has_no_room_is_not_one_that_is_not_there,
        nobody_who_takes_writes_is_told,
        who_may_not_erase_is_told_what_that_takes,
        table_that_is_missing_or_changed_is_noticed,
        index_that_the_script_did_not_make_is_noticed,
        function_beside_the_tables_hides_nothing,
        path_of_the_role_changes_no_setting,
    };

    return pg_main(tests, sizeof(tests) / sizeof(*tests), changing,
                   sizeof(changing) / sizeof(*changing));
}
