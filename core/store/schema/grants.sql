-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Who may do what with the tables of a vault on a server, for psql, behind the
-- tables and inside their transaction: they stand in the schema :"schema",
-- which is the first of the search_path.  Run again, it gives the same.
--
--   meldkluis_eigenaar  owns the tables; nobody logs in as it, meldkluis never
--   meldkluis_gebruik   for the account of everybody who uses the vault: reads,
--                       adds, and changes what is not append-only
--   meldkluis_wissen    besides, for the accounts of those who prune the log
--                       or destroy dossiers: erases
--
-- A grant is one wall, not the one that counts: whoever gets around it is
-- noticed by the roots that people sign (SECURITY.md, "A server").

SELECT format('CREATE ROLE %I NOLOGIN', name)
FROM unnest(ARRAY['meldkluis_eigenaar', 'meldkluis_gebruik', 'meldkluis_wissen']) name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

-- who runs this owns what he made; a superuser needs no membership, and who made
-- a role may grant it but, from PostgreSQL 16 on, is not yet allowed to become it
SELECT format('GRANT meldkluis_eigenaar TO %I', current_user)
WHERE NOT pg_has_role(current_user, 'meldkluis_eigenaar',
    CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)
\gexec
ALTER SCHEMA :"schema" OWNER TO meldkluis_eigenaar;
SELECT format('ALTER TABLE %I.%I OWNER TO meldkluis_eigenaar', schemaname, tablename)
FROM pg_tables WHERE schemaname = :'schema' AND tableowner <> 'meldkluis_eigenaar'
\gexec

-- nothing is left of what was granted before, to anybody
SELECT format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %s', :'schema', who)
FROM unnest(ARRAY['PUBLIC', 'meldkluis_gebruik', 'meldkluis_wissen']) who
\gexec
REVOKE ALL ON SCHEMA :"schema" FROM PUBLIC, meldkluis_gebruik, meldkluis_wissen;
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database())
UNION ALL
SELECT format('GRANT CONNECT ON DATABASE %I TO meldkluis_gebruik', current_database())
\gexec
GRANT USAGE ON SCHEMA :"schema" TO meldkluis_gebruik;

GRANT SELECT ON ALL TABLES IN SCHEMA :"schema" TO meldkluis_gebruik;

-- append-only
GRANT INSERT ON dossier, entry, log, head, stats_chunk, register TO meldkluis_gebruik;

-- proven by a root, or by itself, each time it is read
GRANT INSERT, UPDATE (hashes) ON node TO meldkluis_gebruik;
GRANT INSERT, UPDATE (env) ON stats_row TO meldkluis_gebruik;
GRANT INSERT, UPDATE (body) ON document TO meldkluis_gebruik;
GRANT UPDATE (version, intake_year, rk_gen, dek_version, owner, dek, summary, entries, chain)
    ON dossier TO meldkluis_gebruik;

-- LOCK TABLE asks for the right to change the table, not a column
GRANT UPDATE ON tail TO meldkluis_gebruik;

-- pruning, destruction
GRANT DELETE ON log, entry TO meldkluis_wissen;
GRANT UPDATE (ref_tag) ON dossier TO meldkluis_wissen;
